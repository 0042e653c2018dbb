"use client";
import { Monitor, Moon, Sun } from "lucide-react";
import { useEffect, useState } from "react";
import { IconButton } from "./button.tsx";
import { setTheme, type Theme, themeOf, themes } from "./theme.ts";

const icons = { system: Monitor, light: Sun, dark: Moon };
const names = { system: "as the system", light: "light", dark: "dark" };

/** Turns through system, light and dark. */
export function ThemeButton() {
  const [theme, set] = useState<Theme>("system");
  useEffect(() => set(themeOf(document.documentElement.dataset.theme)), []);
  const Icon = icons[theme];
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "system";
  return (
    <IconButton
      label={`Theme: ${names[theme]}. Switch to ${names[next]}`}
      onClick={() => {
        set(next);
        setTheme(next);
      }}
    >
      <Icon className="size-4" />
    </IconButton>
  );
}
