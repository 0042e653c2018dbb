/** Does a text take more room than this? Then it is shown folded, the rest on demand. */
export const isLonger = (text: string, than: { characters: number; lines: number }): boolean =>
  text.length > than.characters || text.split("\n").length > than.lines;
