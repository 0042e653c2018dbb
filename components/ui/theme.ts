export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const themeCookie = "parley-theme";

/** The theme a cookie's value names; anything else is the system's. */
export function themeOf(value: string | undefined): Theme {
  return themes.find((theme) => theme === value) ?? "system";
}

/** What the system prefers, and the page's background then: a phone's browser bar has the same. */
export const schemes = ["light", "dark"] as const;
const backgrounds = { light: "#faf9f6", dark: "#151412" } as const;

/** The bar's colour where the system prefers `scheme`: the chosen theme's, else the system's. */
export const barColour = (theme: Theme, scheme: (typeof schemes)[number]): string =>
  backgrounds[theme === "system" ? scheme : theme];

/** Switches the page at once and keeps the choice for a year. */
export function setTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  for (const scheme of schemes)
    document
      .querySelector(`meta[name="theme-color"][media*="${scheme}"]`)
      ?.setAttribute("content", barColour(theme, scheme));
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in Firefox and on plain http
  document.cookie = `${themeCookie}=${theme}; path=/; max-age=31536000; samesite=lax`;
}
