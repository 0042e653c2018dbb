/** Whether a process with this id runs, ours or another user's. Ids are reused: only for what a mistake merely delays. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
