import { textLimit } from "@/lib/shared/chat.ts";

/** How far a text is over what one message (or `limit`) may hold, in characters; below 0 is room left. */
export const overBy = (text: string, limit = textLimit): number => text.trim().length - limit;

/** Said instead of cut: what a paste has lost, nobody would notice. */
export const tooLong = (over: number): string => `${characters(over)} too long`;

/** Said where it is getting tight; "" before. */
export const roomLeft = (over: number): string => (over > -textLimit / 10 ? `${characters(-over)} left` : "");

const characters = (n: number): string => `${n.toLocaleString("en")} ${n === 1 ? "character" : "characters"}`;
