import type { QueueItem, QueueKind } from "@/shared";
import type { MessageKey } from "@/lib/messages";

export interface QueueWords {
  /** Its name among the tabs. */
  readonly tab: MessageKey;
  /** How many wait, as a heading. */
  readonly title: MessageKey;
  /** What one row means for the people it touches. */
  readonly consequence: MessageKey;
  readonly verb: MessageKey;
  /** Rooms and instructors come with the catalog file. */
  readonly importable: boolean;
}

export const QUEUES: Readonly<Record<QueueKind, QueueWords>> = {
  "sections-without-instructor": {
    tab: "queue.noInstructorTab",
    title: "queue.noInstructor",
    consequence: "queue.noInstructorWhy",
    verb: "queue.openSection",
    importable: true,
  },
  "sections-without-room": {
    tab: "queue.noRoomTab",
    title: "queue.noRoom",
    consequence: "queue.noRoomWhy",
    verb: "queue.openSection",
    importable: true,
  },
  "sections-full": {
    tab: "queue.fullTab",
    title: "queue.full",
    consequence: "queue.fullWhy",
    verb: "queue.openRoster",
    importable: false,
  },
  "sections-closed": {
    tab: "queue.closedTab",
    title: "queue.closed",
    consequence: "queue.closedWhy",
    verb: "queue.openSection",
    importable: false,
  },
  "faculty-without-sign-in": {
    tab: "queue.noSignInTab",
    title: "queue.noSignIn",
    consequence: "queue.noSignInWhy",
    verb: "queue.openAccount",
    importable: false,
  },
};

/** What breaks first comes first, as the server sorts them. */
export const KINDS = Object.keys(QUEUES) as readonly QueueKind[];

export const isQueue = (kind: string | undefined): kind is QueueKind => kind !== undefined && kind in QUEUES;

/** The page that shows what a row is about; the server names it without the locale. */
export const pageOf = (locale: string, item: QueueItem): string => `/${locale}${item.href}`;
