import type { Decision } from "@/lib/shared/record.ts";
import { count, duration, plural } from "./numbers.ts";
import { stopWords } from "./words.ts";

/** How it was decided and what it cost, as stored. */
export function Facts({ decision }: { decision: Decision }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-2 text-sm tabular-nums">
      {factsOf(decision).map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-3">{name}</dt>
          <dd className="break-words text-ink-2">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function factsOf(decision: Decision): [string, string][] {
  const { cost, ms, models } = decision;
  const done = decision.rollouts.filter((each) => each.state === "done").length;
  const lost = decision.rollouts.length - done;
  const tried = `${plural(decision.candidates.length, "candidate")}, ${plural(done, "future")} in ${plural(decision.blocks, "round")}`;
  const tokens = `${count(cost.tokensIn + cost.tokensOut)} tokens (${count(cost.tokensCached)} read from cache)`;
  const same = models.assistant === models.simulator && models.assistant === models.judge;
  const prompts = Object.entries(decision.promptVersions).map(([name, version]) => `${name} ${version}`);
  const facts: [string, string][] = [
    ["Stopped because", stopWords[decision.stopReason]],
    ["Tried", lost === 0 ? tried : `${tried}; ${plural(lost, "future")} failed or dropped`],
    ["Calls", `${cost.generating + cost.scoring} (${cost.generating} generating, ${cost.scoring} scoring)`],
    ["Tokens", tokens],
    ["Time", `${duration(ms.total)} (drafting ${duration(ms.drafting)}, looking ahead ${duration(ms.lookahead)})`],
    ["Policy", `${decision.policy.name} ${decision.policy.version}, preset ${decision.preset}, seed ${decision.seed}`],
    ["Model", same ? `${models.assistant} (assistant, simulated user and judge)` : models.assistant],
  ];
  if (!same) facts.push(["Simulated user", models.simulator], ["Judge", models.judge]);
  if (prompts.length > 0) facts.push(["Prompts", prompts.join(", ")]);
  if (decision.clarity !== null) {
    facts.push([
      "Clarity",
      `${Math.round(decision.clarity.clear * 100)} % clear, line at ${Math.round(decision.clarity.threshold * 100)} %`,
    ]);
  }
  if (decision.explored) facts.push(["Explored", "this reply was drawn at random among the good ones"]);
  if (decision.notes.length > 0) facts.push(["Notes", decision.notes.join("; ")]);
  return facts;
}
