import { ThumbsDown, ThumbsUp } from "lucide-react";
import { IconButton } from "@/components/ui/button.tsx";

type Thumb = "up" | "down" | null;
type Props = { value: Thumb; onChange: (value: Thumb) => void };

/** A second tap takes the first one back. */
export function Thumbs({ value, onChange }: Props) {
  return (
    <>
      <IconButton label="Good reply" pressed={value === "up"} onClick={() => onChange(value === "up" ? null : "up")}>
        <ThumbsUp className="size-4" fill={value === "up" ? "currentColor" : "none"} fillOpacity={0.25} />
      </IconButton>
      <IconButton
        label="Bad reply"
        pressed={value === "down"}
        onClick={() => onChange(value === "down" ? null : "down")}
      >
        <ThumbsDown className="size-4" fill={value === "down" ? "currentColor" : "none"} fillOpacity={0.25} />
      </IconButton>
    </>
  );
}
