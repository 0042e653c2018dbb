import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { barColour, schemes, themeCookie, themeOf } from "@/components/ui/theme";
import "./globals.css";

/** Latin is preloaded with a metric-compatible fallback, so text never shifts; other scripts fall back to the system. */
const inter = localFont({
  src: "../node_modules/@fontsource-variable/inter/files/inter-latin-opsz-normal.woff2",
  weight: "100 900",
  variable: "--font-inter",
  display: "swap",
});

export const metadata: Metadata = {
  title: { default: "Parley", template: "%s · Parley" },
  description: "A chat whose assistant looks a few turns ahead before it answers, or asks.",
  robots: { index: false },
};

const chosenTheme = async () => themeOf((await cookies()).get(themeCookie)?.value);

export async function generateViewport(): Promise<Viewport> {
  const theme = await chosenTheme();
  return {
    width: "device-width",
    initialScale: 1,
    viewportFit: "cover",
    interactiveWidget: "resizes-content",
    themeColor: schemes.map((scheme) => ({
      media: `(prefers-color-scheme: ${scheme})`,
      color: barColour(theme, scheme),
    })),
  };
}

/** The theme is a cookie read here, not a script: the first byte already has the right colours and the CSP stays strict. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = await chosenTheme();
  // Reading a header makes every page dynamic, which the nonce of proxy.ts needs.
  await headers();
  return (
    <html lang="en" className={inter.variable} {...(theme === "system" ? {} : { "data-theme": theme })}>
      <body>{children}</body>
    </html>
  );
}
