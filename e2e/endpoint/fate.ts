import { topicOf } from "./play.ts";
import type { Random } from "./random.ts";
import type { Asked } from "./roles.ts";
import type { Failure, Scenario, Topic } from "./scenario.ts";

/**
 * What goes wrong with this call: the topic's own failure, else a draw from the seed. Probes are spared.
 * @param failed how often each topic has failed, counted here
 */
export function fate(playing: Scenario, asked: Asked, random: Random, failed: Map<Topic, number>): Failure | null {
  const draw = random();
  if (asked.role === "probe") return null;
  const topic = topicOf(playing, asked);
  if (topic?.fail && (topic.failRoles?.includes(asked.role) ?? true)) {
    const times = (failed.get(topic) ?? 0) + 1;
    failed.set(topic, times);
    if (times <= (topic.failTimes ?? Number.POSITIVE_INFINITY)) return topic.fail;
  }
  const { errors, malformed, disconnects, rateLimited } = playing.trouble;
  // Free text has no form to break.
  const formed = ["clarity", "table", "judge", "likelihood"].includes(asked.role);
  const shares: [Failure, number][] = [
    ["500", errors],
    ["malformed", formed ? malformed : 0],
    ["disconnect", disconnects],
    ["429", rateLimited],
  ];
  let left = draw;
  for (const [failure, share] of shares) {
    if (left < share) return failure;
    left -= share;
  }
  return null;
}
