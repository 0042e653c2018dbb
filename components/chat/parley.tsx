"use client";
import { Menu, SquarePen } from "lucide-react";
import { Suspense, useCallback, useEffect, useRef, useState } from "react";
import { createFeedbackQueue } from "@/components/feedback/queue.ts";
import { IconButton } from "@/components/ui/button.tsx";
import { Toast } from "@/components/ui/toast.tsx";
import { Chat } from "./chat.tsx";
import { isComposing, isTextField } from "./keys.ts";
import { Drawer, SettingsDialog, usePreloaded, WhyPanel } from "./parts.ts";
import { go, usePlace } from "./route.ts";
import { Sidebar } from "./sidebar.tsx";
import { api, isFailure } from "./state/api.ts";
import { onChangeElsewhere, onDeletionElsewhere } from "./state/channel.ts";
import { createConversations } from "./state/conversations.ts";
import { beginAnew } from "./state/drafts.ts";
import { createRegistry } from "./state/registry.ts";
import type { Session } from "./state/session.ts";
import { createSettings } from "./state/settings.ts";
import { useStore } from "./state/store.ts";
import { useFocusKept } from "./use-focus-kept.ts";
import { hasKeyboard, useMedia } from "./use-media.ts";
import type { Place } from "./why-panel.tsx";

/** How often a visible page asks whether a conversation changed in another browser, in milliseconds. */
const lookEveryMs = 5_000;

/** The whole page: conversations on the left, the one that is open in the middle, and why, when asked, on the right. */
export function Parley() {
  const place = usePlace();
  const [world] = useState(createWorld);
  const { conversations, registry, settings, queue } = world;
  const session = registry.of(place.conversationId);
  const { deleted } = useStore(conversations.store);
  const { settings: current } = useStore(settings.store);
  const [menuOpen, setMenuOpen] = useState(false);
  const [settingsOpen, setSettingsOpen] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const main = useRef<HTMLElement>(null);
  const wide = useMedia("(min-width: 1180px)");
  const desk = useMedia("(min-width: 768px)");
  const whyPlace: Place = wide ? "beside" : desk ? "side" : "bottom";
  usePreloaded();
  useFocusKept(main, input);

  const open = useCallback((conversationId: string | null) => {
    setMenuOpen(false);
    go({ conversationId, why: null });
    // A conversation that is open already keeps its field; another one's takes the focus when it appears.
    if (hasKeyboard()) input.current?.focus({ preventScroll: true });
  }, []);
  // Replaced, not pushed: Back does not open again what was closed.
  const closeWhy = useCallback(() => go({ ...place, why: null }, "replace"), [place]);
  const openSettings = useCallback(() => {
    setMenuOpen(false);
    setSettingsOpen(true);
    if (settings.store.get().settings === null) void settings.load();
  }, [settings]);

  useEffect(() => {
    void conversations.refresh();
    void settings.load();
    void queue.flush();
    const leave = () => void conversations.commitDeletion();
    const online = () => void queue.flush();
    window.addEventListener("pagehide", leave);
    window.addEventListener("online", online);
    const forget = onChangeElsewhere((id) => {
      conversations.again();
      if (id === null) void settings.load();
      for (const each of registry.all()) if (id === null || each.store.get().conversationId === id) void each.refresh();
    });
    const forgetDeletion = onDeletionElsewhere(beginAnew);
    // A browser elsewhere cannot tell this one: look now and then, as long as somebody looks at this page.
    const looking = setInterval(async () => {
      if (document.visibilityState !== "visible") return;
      for (const { id, updatedAt } of await conversations.look()) {
        const known = registry.known(id);
        const shown = known?.store.get().view?.updatedAt;
        if (shown !== undefined && shown !== updatedAt && !known?.busy()) void known?.refresh();
      }
    }, lookEveryMs);
    return () => {
      forget();
      forgetDeletion();
      clearInterval(looking);
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("online", online);
    };
  }, [conversations, settings, queue, registry]);

  useEffect(() => registry.shown(place.conversationId), [registry, place.conversationId]);

  // The address names the conversation: fetch it when it comes into view, whether by a click, by Back or by a reload.
  useEffect(() => {
    if (!session.busy()) void session.refresh();
  }, [session]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        open(null);
        return;
      }
      if (event.key !== "Escape" || event.defaultPrevented || isComposing(event)) return;
      // In a search or a word of feedback it means that field; the composer's is the page's.
      if (isTextField(event.target) && event.target !== input.current) return;
      // Drawers and dialogs close themselves.
      if (document.querySelector('[role="dialog"], [role="menu"]') !== null) return;
      if (place.why !== null) closeWhy();
      else if (session.busy()) void session.stop();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [open, closeWhy, place.why, session]);

  const sidebar = (
    <Sidebar
      conversations={conversations}
      current={place.conversationId}
      onNew={() => open(null)}
      onOpen={open}
      onDeleted={(id) => {
        registry.forget(id);
        if (id === place.conversationId) open(null);
      }}
      onSettings={openSettings}
    />
  );

  const toast =
    deleted === null ? null : (
      <Toast
        key={deleted.id}
        text={`Deleted “${deleted.title}”`}
        act={{ label: "Undo", onClick: conversations.undo }}
        onHeld={conversations.hold}
      />
    );

  return (
    <div className="flex h-dvh overflow-clip">
      <div className="hidden w-[268px] shrink-0 border-line border-r md:block">{sidebar}</div>
      <main ref={main} className="relative flex min-w-0 flex-1 flex-col">
        <TopBar session={session} onMenu={() => setMenuOpen(true)} onNew={() => open(null)} />
        <Chat
          key={session.key}
          session={session}
          queue={queue}
          settings={current}
          whyId={place.why}
          inputRef={input}
          onWhy={(why) => (place.why === why ? closeWhy() : go({ ...place, why }))}
          onMode={openSettings}
          onNew={() => open(null)}
        />
        {/* There while it is empty too: a screen reader tells only what comes into a region that it knows. */}
        <div role="status" className="absolute inset-x-4 bottom-40 z-30">
          {menuOpen ? null : toast}
        </div>
      </main>
      <Suspense>
        {place.why === null ? null : (
          <WhyPanel messageId={place.why} place={whyPlace} session={session} inputRef={input} onClose={closeWhy} />
        )}
        {menuOpen ? (
          <Drawer open side="left" label="Conversations" onClose={() => setMenuOpen(false)}>
            {sidebar}
            {/* A drawer is modal: what lies outside of it can neither be seen nor pressed. */}
            <div role="status" className="absolute inset-x-3 bottom-3">
              {toast}
            </div>
          </Drawer>
        ) : null}
        {settingsOpen ? <SettingsDialog open settings={settings} onClose={() => setSettingsOpen(false)} /> : null}
      </Suspense>
    </div>
  );
}

function TopBar({ session, onMenu, onNew }: { session: Session; onMenu: () => void; onNew: () => void }) {
  const { view } = useStore(session.store);
  return (
    <header className="flex h-13 shrink-0 items-center justify-between border-line border-b px-2 md:hidden">
      <IconButton label="Conversations" onClick={onMenu}>
        <Menu className="size-5" />
      </IconButton>
      <span className="min-w-0 truncate px-2 font-[560] text-[15px]">{view?.title ?? "Parley"}</span>
      <IconButton label="New conversation" onClick={onNew}>
        <SquarePen className="size-[18px]" />
      </IconButton>
    </header>
  );
}

/** Everything that lives as long as the page does. */
function createWorld() {
  const conversations = createConversations();
  const settings = createSettings();
  const registry = createRegistry((id) => {
    go({ conversationId: id, why: null }, "replace");
    void conversations.refresh();
  });
  const queue = createFeedbackQueue(
    async ({ messageId, body }) => {
      try {
        await api.feedback(messageId, body);
      } catch (cause) {
        // Refused for good (the message is gone, the word is malformed): trying again would block all that comes after.
        const refused = isFailure(cause) && cause.name === "ApiError" && cause.status >= 400 && cause.status < 500;
        if (!refused || cause.status === 429) throw cause;
      }
    },
    typeof window === "undefined" ? null : window.localStorage,
  );
  return { conversations, settings, registry, queue };
}
