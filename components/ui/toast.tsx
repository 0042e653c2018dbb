"use client";
import { useEffect, useRef, useState } from "react";
import { Button } from "./button.tsx";

type Props = {
  text: string;
  act: { label: string; onClick: () => void };
  /** Told whether somebody is at it, with a pointer or a key: until they leave it should stay. */
  onHeld: (held: boolean) => void;
};

/** One line with one thing to do about it, in the middle of the place it is given: a region that was there before it. */
export function Toast({ text, act, onHeld }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const held = pointed || focused;
  useEffect(() => onHeld(held), [held, onHeld]);
  // What it speaks of may have gone with the focus.
  useEffect(() => {
    if (document.activeElement === document.body) button.current?.focus();
  }, []);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done with it; it stays for whoever is at it
    <div
      className="mx-auto flex w-fit max-w-full animate-rise items-center gap-3 rounded-xl border border-line bg-card py-2 pr-2 pl-4 text-sm shadow-pop"
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      // The focus that comes here after a press of the mouse is not seen, and nobody is at it.
      onFocus={(event) => setFocused(event.target.matches(":focus-visible"))}
      onBlur={() => setFocused(false)}
    >
      <span className="truncate">{text}</span>
      <Button ref={button} small onClick={act.onClick}>
        {act.label}
      </Button>
    </div>
  );
}
