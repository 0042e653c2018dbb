/** The chat itself lives in the layout, so that moving between conversations never unmounts a running turn. */
export default function NewConversation() {
  return null;
}
