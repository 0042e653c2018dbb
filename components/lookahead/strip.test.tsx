import { act } from "react";
import { createRoot } from "react-dom/client";
import { expect, test } from "vitest";
import { Strip } from "./strip.tsx";

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

test("a turn that takes longer than most says when most end, in words that fit a phone", async () => {
  const host = document.createElement("div");
  const root = createRoot(host);
  const none = () => undefined;
  const draw = (at: number) =>
    act(async () =>
      root.render(
        <Strip
          run={null}
          stage={{ stage: "trying", done: 7, total: 12, at, usual: 125_000 }}
          readings={null}
          candidates={[]}
          cells={[]}
          words="Trying follow-ups, 7 of 12"
          connection="ok"
          hurrying={false}
          stopping={false}
          onAnswerNow={none}
          onStop={none}
        />,
      ),
    );
  await draw(1_000);
  expect(host.textContent).not.toContain("Most turns");
  await draw(130_000);
  expect(host.textContent).toContain("Most turns end by 2 min 05 s");
  await act(async () => root.unmount());
});
