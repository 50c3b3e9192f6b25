/** Shapes of docs/api.md. Times are RFC 3339 in UTC; read by the type checker only, never by the browser. */

export type View = "mine" | "unassigned" | "open" | "snoozed" | "done";
export type ReplyState = "" | "pending" | "sending" | "sent" | "failed" | "unknown" | "human";
export type Mode = "public" | "note";

export interface Person { id: string; name: string; initials: string }
export interface Member extends Person { on_shift: boolean }

export interface Me {
  agent: Person & { roles: string[] };
  brand: { id: string; name: string };
  accounts: { id: string; platform: string; handle: string; name: string; state: "ok" | "paused"; reason: string }[];
  members: Member[];
  now: string;
}

export interface Row {
  id: string;
  platform: string;
  account: string;
  handle: string;
  name: string;
  snippet: string;
  language: string;
  status: "open" | "snoozed" | "closed";
  awaiting: "us" | "them";
  owner: Person | null;
  priority: number;
  asked_at: string;
  due_at: string | null;
  updated_at: string;
  snoozed_until: string | null;
  close_reason: string | null;
  escalation: "" | "owner" | "team" | "lead";
  reminders: number;
  unread: number;
  public: boolean;
  reply_state: ReplyState;
  version: number;
  talk: number;
}

export interface Counts { mine: number; unassigned: number; open: number; snoozed: number }
export interface Queue { items: Row[]; next: string | null; counts: Counts; now: string }

export interface Message {
  id: string;
  text: string;
  at: string;
  edited: boolean;
  gone: boolean;
  own: boolean;
  by: string;
  language: string;
  public: boolean;
  media: string[];
  link: string;
}

export interface Reply {
  id: string;
  text: string;
  state: ReplyState;
  at: string;
  by: string;
  code: string;
  sentence: string;
  platform_id: string;
}

export interface Note { id: string; text: string; at: string; by: string }

export interface Verb {
  verb: "public_reply" | "by_hand";
  allowed: boolean;
  reason: string;
  limit: number;
  counting: "x_weighted";
  until: string | null;
  price_usd: number;
  price_with_link_usd: number;
  link: string;
}

export interface Case extends Row {
  reasons: { code: string; sentence: string; at: string }[];
  generation: number;
}

export interface Conversation {
  case: Case;
  customer: { id: string; handle: string; name: string; language: string };
  messages: Message[];
  older: string | null;
  replies: Reply[];
  notes: Note[];
  history: { at: string; code: string; sentence: string; by: string }[];
  verbs: Verb[];
  now: string;
}

export interface Change {
  assignee?: string | null;
  state?: "open" | "snoozed" | "closed";
  snoozed_until?: string | null;
}
