import type { Metadata, Viewport } from "next";
import localFont from "next/font/local";
import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { themeCookie, themeOf } from "@/components/ui/theme";
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

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  viewportFit: "cover",
  interactiveWidget: "resizes-content",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#faf9f6" },
    { media: "(prefers-color-scheme: dark)", color: "#151412" },
  ],
};

/** The theme is a cookie read here, not a script: the first byte already has the right colours and the CSP stays strict. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = themeOf((await cookies()).get(themeCookie)?.value);
  // Reading a header makes every page dynamic, which the nonce of proxy.ts needs.
  await headers();
  return (
    <html lang="en" className={inter.variable} {...(theme === "system" ? {} : { "data-theme": theme })}>
      <body>{children}</body>
    </html>
  );
}
