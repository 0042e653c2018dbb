import { badRequest } from "../errors.ts";
import type { LoadedModel } from "../llama.ts";
import type { Engine } from "./engine.ts";
import { checkSize } from "./limits.ts";
import type { ChatMessage } from "./schema.ts";

/** Used where a file brings no template of its own. */
const chatMl =
  "{% for message in messages %}{{ '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>\n' }}{% endfor %}{{ '<|im_start|>assistant\n' }}";

/** Marks the place of a message's text; never a token of its own, and not something a person types. */
const marker = (index: number): string => `\uE000${index}\uE001`;
const markers = /\uE000(\d+)\uE001/;

/**
 * The conversation as the model's own template words it, ready to be answered. A message that spells a control token
 * (<|im_end|> and the like) stays plain text: it cannot end its turn or play another role.
 */
export function chatPrompt(engine: Engine, messages: readonly ChatMessage[]): number[] {
  const { model } = engine;
  const contents = messages.map((message) => message.content);
  checkSize(engine, contents, "messages");
  const guarded = contents.some((content) => model.vocabulary.holdsControl(content) || markers.test(content));
  const rendered = render(
    model,
    messages.map(({ role, content }, index) => ({
      role: role === "developer" ? "system" : role,
      content: guarded ? marker(index) : content,
    })),
  );
  const { vocabulary } = model;
  if (!guarded) return vocabulary.begin(vocabulary.tokenize(rendered, true));
  // Split at the markers: every second part is the number of a message.
  const tokens = rendered.split(markers).flatMap((part, index) => {
    if (index % 2 === 1) return vocabulary.tokenize(contents[Number(part)] ?? "", false);
    return part === "" ? [] : vocabulary.tokenize(part, true);
  });
  return vocabulary.begin(tokens);
}

function render(model: LoadedModel, messages: readonly { role: string; content: string }[]): string {
  try {
    return model.render(model.file.template ?? chatMl, {
      messages,
      add_generation_prompt: true,
      bos_token: model.file.bosText,
      eos_token: model.file.eosText,
    });
  } catch (error) {
    throw badRequest(
      `The model's chat template refuses these messages: ${error instanceof Error ? error.message : String(error)}`,
      "messages",
    );
  }
}
