-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "role" AS ENUM ('user', 'assistant');

-- CreateEnum
CREATE TYPE "kind" AS ENUM ('answer', 'assume', 'ask', 'hybrid');

-- CreateEnum
CREATE TYPE "run_state" AS ENUM ('running', 'done', 'stopped', 'failed', 'interrupted');

-- CreateEnum
CREATE TYPE "preset" AS ENUM ('fast', 'balanced', 'deep', 'reference', 'direct');

-- CreateEnum
CREATE TYPE "asking" AS ENUM ('never', 'rarely', 'balanced', 'often');

-- CreateEnum
CREATE TYPE "run_origin" AS ENUM ('send', 'resume', 'regenerate');

-- CreateEnum
CREATE TYPE "feedback_kind" AS ENUM ('thumb', 'reason', 'text', 'goal', 'rating', 'swap', 'implicit');

-- CreateTable
CREATE TABLE "viewer" (
    "id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "preset" "preset",
    "asking" "asking" NOT NULL DEFAULT 'balanced',
    "system_prompt" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "viewer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "conversation" (
    "id" UUID NOT NULL,
    "viewer_id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "pinned" BOOLEAN NOT NULL DEFAULT false,
    "leaf_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "conversation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "message" (
    "id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "parent_id" UUID,
    "role" "role" NOT NULL,
    "text" TEXT NOT NULL,
    "kind" "kind",
    "parts" JSONB NOT NULL,
    "run_id" UUID,
    "candidate_id" TEXT,
    "instead_of_id" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "message_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run" (
    "id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "viewer_id" UUID NOT NULL,
    "user_message_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "origin" "run_origin" NOT NULL,
    "state" "run_state" NOT NULL DEFAULT 'running',
    "preset" "preset" NOT NULL,
    "asking" "asking" NOT NULL,
    "policy_name" TEXT NOT NULL,
    "policy_version" TEXT NOT NULL,
    "seed" BIGINT NOT NULL,
    "stop_requested" BOOLEAN NOT NULL DEFAULT false,
    "answer_now" BOOLEAN NOT NULL DEFAULT false,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),
    "error_code" TEXT,

    CONSTRAINT "run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "run_event" (
    "run_id" UUID NOT NULL,
    "seq" INTEGER NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "run_event_pkey" PRIMARY KEY ("run_id","seq")
);

-- CreateTable
CREATE TABLE "decision" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "path" TEXT NOT NULL,
    "stop_reason" TEXT NOT NULL,
    "preset" "preset" NOT NULL,
    "asking" "asking" NOT NULL,
    "policy_name" TEXT NOT NULL,
    "policy_version" TEXT NOT NULL,
    "seed" BIGINT NOT NULL,
    "chosen_id" TEXT NOT NULL,
    "blocks" INTEGER NOT NULL,
    "expected_regret" DOUBLE PRECISION,
    "explored" BOOLEAN NOT NULL,
    "audit" BOOLEAN NOT NULL,
    "total_ms" DOUBLE PRECISION NOT NULL,
    "rest" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "decision_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "intent" (
    "decision_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "text" TEXT NOT NULL,
    "label" TEXT,
    "weight" DOUBLE PRECISION NOT NULL,
    "other" BOOLEAN NOT NULL,

    CONSTRAINT "intent_pkey" PRIMARY KEY ("decision_id","id")
);

-- CreateTable
CREATE TABLE "candidate" (
    "decision_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "kind" "kind" NOT NULL,
    "text" TEXT NOT NULL,
    "tokens" DOUBLE PRECISION NOT NULL,
    "finished" BOOLEAN NOT NULL,
    "posterior_mean" DOUBLE PRECISION,
    "posterior_sd" DOUBLE PRECISION,
    "posterior_best" DOUBLE PRECISION,
    "propensity" DOUBLE PRECISION NOT NULL,
    "chosen" BOOLEAN NOT NULL,
    "rest" JSONB NOT NULL,

    CONSTRAINT "candidate_pkey" PRIMARY KEY ("decision_id","id")
);

-- CreateTable
CREATE TABLE "rollout" (
    "decision_id" UUID NOT NULL,
    "id" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "candidate_id" TEXT NOT NULL,
    "intent_id" TEXT NOT NULL,
    "block" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "draws" JSONB NOT NULL,
    "turns" JSONB NOT NULL,
    "extrinsic" DOUBLE PRECISION,
    "cost" DOUBLE PRECISION,
    "interaction" DOUBLE PRECISION,
    "judge" DOUBLE PRECISION,
    "tail" DOUBLE PRECISION,
    "total" DOUBLE PRECISION,
    "ms" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "rollout_pkey" PRIMARY KEY ("decision_id","id")
);

-- CreateTable
CREATE TABLE "feedback" (
    "id" UUID NOT NULL,
    "viewer_id" UUID NOT NULL,
    "conversation_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "kind" "feedback_kind" NOT NULL,
    "value" JSONB,
    "candidates" JSONB NOT NULL,
    "candidate_id" TEXT,
    "policy_name" TEXT,
    "policy_version" TEXT,
    "propensity" DOUBLE PRECISION,
    "interface_version" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "feedback_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "usage" (
    "id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "model" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "work" TEXT NOT NULL,
    "prompt_version" TEXT NOT NULL,
    "seed" BIGINT,
    "tokens_in" DOUBLE PRECISION NOT NULL,
    "tokens_cached" DOUBLE PRECISION NOT NULL,
    "tokens_out" DOUBLE PRECISION NOT NULL,
    "estimated" BOOLEAN NOT NULL,
    "ms" DOUBLE PRECISION NOT NULL,
    "first_token_ms" DOUBLE PRECISION,
    "waited_ms" DOUBLE PRECISION NOT NULL,
    "attempt" INTEGER NOT NULL,
    "outcome" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "usage_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "limit_window" (
    "scope" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "limit_window_pkey" PRIMARY KEY ("scope","subject","starts_at")
);

-- CreateTable
CREATE TABLE "evaluation" (
    "id" UUID NOT NULL,
    "run_key" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "evaluation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "evaluation_case" (
    "id" UUID NOT NULL,
    "evaluation_id" UUID NOT NULL,
    "set" TEXT NOT NULL,
    "policy" TEXT NOT NULL,
    "seed" INTEGER NOT NULL,
    "item_id" TEXT NOT NULL,
    "result" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "evaluation_case_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "conversation_viewer_id_pinned_updated_at_idx" ON "conversation"("viewer_id", "pinned", "updated_at" DESC);

-- CreateIndex
CREATE INDEX "message_conversation_id_created_at_idx" ON "message"("conversation_id", "created_at");

-- CreateIndex
CREATE INDEX "message_parent_id_idx" ON "message"("parent_id");

-- CreateIndex
CREATE INDEX "message_run_id_idx" ON "message"("run_id");

-- CreateIndex
CREATE UNIQUE INDEX "run_message_id_key" ON "run"("message_id");

-- CreateIndex
CREATE INDEX "run_user_message_id_idx" ON "run"("user_message_id");

-- CreateIndex
CREATE INDEX "run_conversation_id_idx" ON "run"("conversation_id");

-- CreateIndex
CREATE INDEX "run_viewer_id_started_at_idx" ON "run"("viewer_id", "started_at");

-- CreateIndex
CREATE INDEX "run_state_heartbeat_at_idx" ON "run"("state", "heartbeat_at");

-- CreateIndex
CREATE UNIQUE INDEX "decision_run_id_key" ON "decision"("run_id");

-- CreateIndex
CREATE INDEX "decision_created_at_idx" ON "decision"("created_at");

-- CreateIndex
CREATE INDEX "feedback_message_id_created_at_idx" ON "feedback"("message_id", "created_at");

-- CreateIndex
CREATE INDEX "feedback_conversation_id_kind_created_at_idx" ON "feedback"("conversation_id", "kind", "created_at");

-- CreateIndex
CREATE INDEX "usage_run_id_idx" ON "usage"("run_id");

-- CreateIndex
CREATE INDEX "usage_model_purpose_created_at_idx" ON "usage"("model", "purpose", "created_at");

-- CreateIndex
CREATE INDEX "limit_window_starts_at_idx" ON "limit_window"("starts_at");

-- CreateIndex
CREATE UNIQUE INDEX "evaluation_run_key_key" ON "evaluation"("run_key");

-- CreateIndex
CREATE UNIQUE INDEX "evaluation_case_evaluation_id_set_policy_seed_item_id_key" ON "evaluation_case"("evaluation_id", "set", "policy", "seed", "item_id");

-- AddForeignKey
ALTER TABLE "conversation" ADD CONSTRAINT "conversation_viewer_id_fkey" FOREIGN KEY ("viewer_id") REFERENCES "viewer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_parent_id_fkey" FOREIGN KEY ("parent_id") REFERENCES "message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_instead_of_id_fkey" FOREIGN KEY ("instead_of_id") REFERENCES "message"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "message" ADD CONSTRAINT "message_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_user_message_id_fkey" FOREIGN KEY ("user_message_id") REFERENCES "message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_event" ADD CONSTRAINT "run_event_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "decision" ADD CONSTRAINT "decision_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "intent" ADD CONSTRAINT "intent_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "decision"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "candidate" ADD CONSTRAINT "candidate_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "decision"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollout" ADD CONSTRAINT "rollout_decision_id_fkey" FOREIGN KEY ("decision_id") REFERENCES "decision"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_viewer_id_fkey" FOREIGN KEY ("viewer_id") REFERENCES "viewer"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_conversation_id_fkey" FOREIGN KEY ("conversation_id") REFERENCES "conversation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "usage" ADD CONSTRAINT "usage_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation_case" ADD CONSTRAINT "evaluation_case_evaluation_id_fkey" FOREIGN KEY ("evaluation_id") REFERENCES "evaluation"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- One live run a conversation: the second of two that start at once fails here and answers 409.
CREATE UNIQUE INDEX "run_one_live" ON "run"("conversation_id") WHERE "state" = 'running';

-- Feedback is append-only. Deleting stays possible: people delete their own.
CREATE FUNCTION "feedback_refuse_update"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'feedback is append-only: add a row instead';
END $$;
CREATE TRIGGER "feedback_append_only" BEFORE UPDATE ON "feedback"
  FOR EACH ROW EXECUTE FUNCTION "feedback_refuse_update"();

-- A counter that is lost in a crash only forgets a minute; it should cost no disk write.
ALTER TABLE "limit_window" SET UNLOGGED;
