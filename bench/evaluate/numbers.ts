const scales: Record<string, number> = { thousand: 1e3, million: 1e6, billion: 1e9 };

/** Without an exponent, which nobody reads as one number. */
const plain = (value: number): string => value.toFixed(12).replace(/\.?0+$/, "");

/** Other ways to write a number, made the plain one: LaTeX's fractions, "2 million", "negative 5", other scripts' digits. */
function plainly(text: string): string {
  return text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/(?<=\d)[\u00a0\u202f](?=\d{3}(?!\d))/g, "")
    .replace(/\\[dt]?frac\{(-?\d+)\}\{0*([1-9]\d*)\}/g, (_, over: string, under: string) =>
      plain(Number(over) / Number(under)),
    )
    .replace(/(\d[\d,]*(?:\.\d+)?) (thousand|million|billion)\b/gi, (_, number: string, scale: string) =>
      String(Number(number.replaceAll(",", "")) * (scales[scale.toLowerCase()] ?? 1)),
    )
    .replace(/\b(?:negative|(?<!\d )minus) (?=[$\d])/gi, "-");
}

/** "1/2" and "1 1/2" as one number. */
const withQuotients = (text: string): string =>
  text.replace(
    /(?<![\d/.,])(?:(\d+) )?(\d+) ?[/⁄] ?0*([1-9]\d*)(?![\d/]|[.,]\d)/g,
    (_, whole: string | undefined, over: string, under: string) =>
      plain(Number(whole ?? 0) + Number(over) / Number(under)),
  );

/** What a text says where this number is wanted: "18/20" holds 18 and 20, unless a broken number is looked for. */
export function readAs(text: string, answer: string): string {
  const wanted = wantedNumber(answer);
  return wanted === null || Number.isInteger(wanted) ? text : withQuotients(text);
}

/** Numbers as they are meant, without thousands separators: "$1,234.50" gives "1234.50". "3-5" holds no negative one. */
export function numbersIn(text: string): string[] {
  const found =
    plainly(text).match(
      /(?:(?<=^|[\s([{=:$≈~*_`"'“‘|])[-−–](?=[$\d.]))?\$?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+|(?<!\d)(?=\.\d))(?:\.\d+)?/g,
    ) ?? [];
  return found.map((number) => number.replaceAll(/[,$]/g, "").replace(/[−–]/, "-"));
}

/** The value of an answer that is one number, with whatever unit; null where it holds none, or several. */
export function wantedNumber(answer: string): number | null {
  const whole = Number(answer);
  if (answer.trim() !== "" && Number.isFinite(whole)) return whole;
  const numbers = numbersIn(withQuotients(answer));
  return numbers.length === 1 ? Number(numbers[0]) : null;
}

/**
 * The first number. Of a sum ("3 + 4 = 7 apples", "3 times 6, which is 18") it is the first after the last "=" or its word,
 * unless what stands before the sum is the answer already ("18, because 2 × 9 = 18", "18 (16 − 3 = 13 eggs …)").
 */
export function sameNumber(text: string, answer: string): boolean {
  const wanted = wantedNumber(answer);
  const given = readAs(text, answer);
  const [before = ""] = given.split(/[(;]|,(?!\d)(?!\s*(?:which|that) is)|\b(?:because|since|as|for)\b/i);
  const part = numbersIn(before).length > 0 ? before : given;
  const sum = part.split("=").at(-1) ?? part;
  const [head = "", ...then] = sum.split(/\b(?:equals|makes|which is|that is)\b/i);
  const number = numbersIn((numbersIn(head).length > 1 ? then.at(-1) : head) ?? sum)[0];
  if (number === undefined || wanted === null) return false;
  const exact = Math.abs(Number(number) - wanted) <= 1e-6 * Math.min(1, Math.abs(wanted) || 1);
  return exact || isRounded(number, wanted);
}

/** "0.33" for a third: a broken number to two places or more, and not to nothing. */
function isRounded(number: string, wanted: number): boolean {
  const places = number.split(".")[1]?.length ?? 0;
  return (
    places >= 2 &&
    Number(number) !== 0 &&
    !Number.isInteger(wanted) &&
    Number(wanted.toFixed(places)) === Number(number)
  );
}
