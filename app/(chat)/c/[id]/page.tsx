/** See ../../page.tsx: the layout reads the conversation from the address. */
export default function Conversation() {
  return null;
}
