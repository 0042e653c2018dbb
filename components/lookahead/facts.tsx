import type { Decision } from "@/lib/shared/record.ts";
import { count, duration, percent, plural } from "./numbers.ts";
import { stopWords } from "./words.ts";

/** How it was decided and what it cost, as stored. */
export function Facts({ decision }: { decision: Decision }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-2 text-sm">
      {factsOf(decision).map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className="break-words text-ink-2">{unbroken(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A number and its unit stay on one line. */
const unbroken = (words: string): string => words.replace(/(\d) (?=(?:s|min|%)(?![a-z]))/g, "$1\u00a0");

function factsOf(decision: Decision): [string, string][] {
  const { cost, ms, models } = decision;
  const done = decision.rollouts.filter((each) => each.state === "done").length;
  const lost = decision.rollouts.length - done;
  const tried = `${plural(decision.candidates.length, "reply", "replies")}, ${plural(done, "future")} in ${plural(decision.blocks, "round")}`;
  const tokens = `${count(cost.tokensIn + cost.tokensOut)} tokens (${count(cost.tokensCached)} read from cache)`;
  const same = models.assistant === models.simulator && models.assistant === models.judge;
  const prompts = [...new Set(Object.values(decision.promptVersions))].toSorted();
  const policy = `${decision.policy.name} ${decision.policy.version}`;
  const preset = decision.preset === decision.policy.name ? "" : `, preset ${decision.preset}`;
  const looked = decision.path === "lookahead" || decision.path === "prior";
  const facts: [string, string][] = [];
  // Without any lookahead the sentence at the top says all there is to say about both.
  if (looked) {
    facts.push(["Stopped because", stopWords[decision.stopReason]]);
    facts.push(["Tried", lost === 0 ? tried : `${tried}; ${plural(lost, "future")} failed or dropped`]);
  }
  const parts = looked ? ` (drafting ${duration(ms.drafting)}, looking ahead ${duration(ms.lookahead)})` : "";
  facts.push(
    ["Calls", `${cost.generating + cost.scoring} (${cost.generating} generating, ${cost.scoring} scoring)`],
    ["Tokens", tokens],
    ["Time", `${duration(ms.total)}${parts}`],
    ["Policy", `${policy}${preset}, seed ${decision.seed}`],
    ["Model", same ? `${models.assistant} (assistant, simulated user and judge)` : models.assistant],
  );
  if (!same) facts.push(["Simulated user", models.simulator], ["Judge", models.judge]);
  if (prompts.length > 0) facts.push(["Prompts", prompts.join(", ")]);
  if (decision.clarity !== null) {
    facts.push([
      "Clarity",
      `judged ${percent(decision.clarity.clear)} clear; from ${percent(decision.clarity.threshold)} on it answers at once`,
    ]);
  }
  if (decision.explored) facts.push(["Explored", "this reply was drawn at random among the good ones"]);
  if (decision.notes.length > 0) facts.push(["Notes", decision.notes.join("; ")]);
  return facts;
}
