import { announceEverywhere } from "./channel.ts";
import { createSession, type Session } from "./session.ts";

/** The sessions of one page: one a conversation, kept so that a turn goes on while another conversation is looked at. */
export function createRegistry(onNamed: (id: string) => void) {
  const byId = new Map<string, Session>();
  let fresh: Session | null = null;
  let onScreen: string | null = null;

  const named = (session: Session, id: string) => {
    byId.set(id, session);
    if (session !== fresh) return;
    if (onScreen === null) {
      onNamed(id);
      return;
    }
    // Whoever has gone to another conversation meanwhile stays there, and finds this one in the list.
    fresh = null;
    announceEverywhere(id);
  };

  return {
    /** The session of a conversation; `null` is the one that is not begun yet. */
    of(id: string | null): Session {
      if (id === null) {
        fresh ??= createSession(null, named);
        return fresh;
      }
      const known = byId.get(id);
      if (known !== undefined) return known;
      const session = createSession(id, named);
      byId.set(id, session);
      return session;
    },
    /**
     * This address is on the screen now: the conversation that began there is no longer the one to be begun. Not before: a
     * drawing of the new address can be given up for one that still asks for `null`, and must not get an empty thread.
     */
    shown(id: string | null): void {
      onScreen = id;
      if (id !== null && byId.get(id) === fresh) fresh = null;
    },
    known: (id: string): Session | undefined => byId.get(id),
    all: (): Session[] => [...byId.values()],
    forget(id: string): void {
      void byId.get(id)?.chat.stop();
      byId.delete(id);
    },
  };
}

export type Registry = ReturnType<typeof createRegistry>;
