/** Something the person at the terminal can put right: printed as its message alone, without a stack. */
export class Problem extends Error {
  override name = "Problem";
}
