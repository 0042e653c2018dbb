import type { ReactNode } from "react";
import { Parley } from "@/components/chat/parley";

export default function ChatLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <Parley />
      {children}
    </>
  );
}
