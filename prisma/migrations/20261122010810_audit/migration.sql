-- DropIndex
DROP INDEX "decision_run_id_key";

-- AlterTable
ALTER TABLE "decision" ADD COLUMN     "mode" TEXT NOT NULL DEFAULT 'live';

-- CreateIndex
CREATE UNIQUE INDEX "decision_run_id_mode_key" ON "decision"("run_id", "mode");
