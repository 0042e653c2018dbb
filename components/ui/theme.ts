export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const themeCookie = "parley-theme";

/** The theme a cookie's value names; anything else is the system's. */
export function themeOf(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? "system";
}

/** Switches the page at once and keeps the choice for a year. */
export function setTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and on plain http
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=31536000; samesite=lax`;
}
