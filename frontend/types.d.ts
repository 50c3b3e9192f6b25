/** Shapes of docs/api.md. Times are RFC 3339 in UTC; read by the type checker only, never by the browser. */

export type View = "mine" | "unassigned" | "open" | "snoozed" | "done";
export type ReplyState = "" | "held" | "pending" | "sending" | "sent" | "failed" | "unknown" | "human" | "withdrawn";
export type Saying = "public_reply" | "private_reply" | "dm";
export type Acting = "like" | "unlike" | "hide" | "unhide" | "delete";
export type Mode = Saying | "by_hand" | "note";
export type Counting = "x_weighted" | "characters" | "utf8_bytes";

export interface Person { id: string; name: string; initials: string }
export interface Member extends Person { on_shift: boolean }

export interface Me {
  agent: Person & { roles: string[] };
  brand: { id: string; name: string; zone: string; undo_seconds: number };
  accounts: Account[];
  members: Member[];
  now: string;
}

export interface Account {
  id: string;
  platform: string;
  platforms: string[];
  handle: string;
  name: string;
  state: "ok" | "degraded" | "paused";
  reason: string;
  paused: { by: string; at: string; why: string } | null;
  since: string | null;
  problems: string[];
  checked_at: string | null;
  expires_at: string | null;
  last_event_at: string | null;
  missed: number;
  missed_at: string | null;
}

export interface Row {
  id: string;
  platform: string;
  account: string;
  handle: string;
  name: string;
  snippet: string;
  language: string;
  tags: string[];
  status: "open" | "snoozed" | "closed";
  awaiting: "us" | "them";
  owner: Person | null;
  priority: number;
  asked_at: string;
  due_at: string | null;
  promise: { state: "open" | "kept" | "missed" | "withdrawn"; by: string } | null;
  updated_at: string;
  snoozed_until: string | null;
  close_reason: string | null;
  escalation: "" | "owner" | "team" | "lead";
  reminders: number;
  unread: number;
  public: boolean;
  surface: string;
  reply_state: ReplyState;
  approval: "" | "waiting";
  lane: "" | "praise" | "long";
  vip: boolean;
  /** Id of the incident it belongs to, or belonged to; "" for none. */
  incident: string;
  version: number;
  talk: number;
}

export interface Counts { mine: number; unassigned: number; open: number; snoozed: number }
/** What has changed since the last time of asking. */
export interface Changes {
  items: Row[];
  calls: { case: string; why: "unassigned" | "given" }[];
  more: boolean;
  everything: boolean;
  company: { case: string; member: string; writing: boolean }[];
  cursor: string;
  now: string;
}

export interface Queue { items: Row[]; next: string | null; counts: Counts; now: string }

export interface Message {
  id: string;
  text: string;
  at: string;
  edited: boolean;
  gone: boolean;
  own: boolean;
  by: string;
  /** The desk wrote it by itself. */
  automatic: boolean;
  language: string;
  public: boolean;
  surface: string;
  hidden: boolean;
  liked: boolean;
  reactions: Record<string, number>;
  receipt: "" | "delivered" | "seen" | "rejected";
  notice: string;
  media: Media[];
  link: string;
  /** Absent from messages that come with a refusal. */
  acts?: { verb: Acting; price_usd: number }[];
}

export interface Media { kind: string; name: string; size: number; value: string; expires: string | null }

export interface Reply {
  id: string;
  text: string;
  state: ReplyState;
  at: string;
  by: string;
  code: string;
  sentence: string;
  platform_id: string;
  verb: Saying | Acting;
  message: string;
  /** The desk wrote it by itself. */
  automatic: boolean;
  send_at: string | null;
  /** Until then it can surely be taken back. */
  held_until: string | null;
  approved_by: string[];
}

export interface Draft {
  id: string;
  conversation: string;
  text: string;
  verb: Saying;
  at: string;
  by: { id: string; name: string };
  state: "waiting" | "approved" | "sent" | "returned" | "withdrawn" | "expired" | "superseded";
  number: number;
  why: string[];
  approved_by: { id: string; name: string }[];
  edited_by: { id: string; name: string }[];
  reason: string;
  ended_at: string | null;
  ended_by: string;
  hold: number | null;
  send_at: string | null;
  /** What its author had in view, and what there is now. */
  seen: number;
  talk: number;
  stale: boolean;
  rev: number;
}

/** A draft in the list of all that wait. */
export interface Waiting {
  draft: Draft;
  conversation: Row;
  /** What a reply answers now. */
  message: Message | null;
  may_approve: boolean;
}

/** What the checks say of `text[start:end]`, in code points; 0 and 0: of the whole. */
export interface Finding { code: string; level: "warn" | "block"; sentence: string; start: number; end: number }

export interface Check {
  findings: Finding[];
  /** As it would leave: with initials, where the brand wants them. */
  text: string;
  length: number;
  limit: number | null;
}

/** A canned text, or one of the FAQ; it may hold gaps such as `{name}`. */
export interface Entry {
  id: string;
  language: string;
  kind: "canned" | "faq";
  standing: "candidate" | "approved";
  title: string;
  text: string;
  uses: number;
}

export interface Note { id: string; text: string; at: string; by: string }

export interface Verb {
  verb: Saying | Acting | "by_hand";
  allowed: boolean;
  code: string;
  reason: string;
  limit: number | null;
  counting: Counting | null;
  until: string | null;
  price_usd: number;
  price_with_link_usd: number;
  tag: string;
  link: string;
}

export interface Case extends Row {
  reasons: { code: string; sentence: string; at: string }[];
  generation: number;
  removed: { at: string; months: number } | null;
  triage: { recommended: "" | "public" | "private"; sentiment: "negative" | "neutral" | "positive" | "unsure"; topic: string; reference: string };
}

export interface Conversation {
  case: Case;
  customer: { id: string; handle: string; name: string; language: string };
  messages: Message[];
  older: string | null;
  replies: Reply[];
  notes: Note[];
  /** `tag`: that came or went, else "". */
  history: { at: string; code: string; sentence: string; by: string; tag: string }[];
  verbs: Verb[];
  elsewhere: boolean;
  reachable: boolean;
  seen_at: string | null;
  now: string;
}

/** The workflow of a case as it ran. */
export interface Trace {
  start: string;
  states: { name: string; kind: "step" | "wait" | "choice" | "end"; comment: string }[];
  ways: { from: string; to: string; why: string }[];
  generation: number;
  running: boolean;
  path: { state: string; at: string; left_at: string; reasons: { code: string; sentence: string; at: string }[] }[];
}

export interface Incident {
  id: string;
  topic: string;
  title: string;
  state: "suggested" | "open" | "closed";
  opened_at: string;
  closed_at: string | null;
  counted: number;
  people: number;
  suggested: boolean;
  version: number;
}

export interface Broadcast {
  id: string;
  texts: Record<string, string>;
  state: "proposed" | "approved" | "done" | "withdrawn";
  at: string;
  by: string;
  author: string;
  decided_by: string;
  decided_at: string | null;
  replies: Record<string, number>;
  for_people: { case: string; code: string; sentence: string }[];
}

export interface WholeIncident extends Incident {
  status: Record<string, string>;
  kit: Record<string, string>;
  story: { at: string; code: string; sentence: string; by: string }[];
  broadcasts: Broadcast[];
  now: string;
}

/** What whoever answers a case sees of its incident. */
export interface CaseIncident extends Incident { status: Record<string, string>; reply: string }

/** Who the customer of a conversation is, and what they talked about with us before. */
export interface KnownCustomer {
  channels: { platform: string; id: string; handle: string; name: string; reachable: boolean; protected: boolean }[];
  conversations: (Row & { opened_at: string })[];
  more: boolean;
  earlier: { generation: number; began_at: string; closed_at: string | null; code: string; sentence: string }[];
  now: string;
}

export interface Change {
  assignee?: string | null;
  state?: "open" | "snoozed" | "closed";
  snoozed_until?: string | null;
  /** All that shall stand on it. */
  tags?: string[];
  /** For whoever gets the case. */
  note?: string;
}

/** The brand's settings; `policy` has every field of the server's policy. */
export interface Settings {
  version: string;
  policy: Record<string, any>;
  changed: { at: string; by: string } | null;
  words: Record<"assignment" | "approvals", Record<string, Fact>>;
}

/** What a condition may say of a name; `values` where there are only so many. */
export interface Fact { kind: "yes_no" | "number" | "text" | "texts"; values: string[] }

export interface Way {
  owner?: string;
  team?: string;
  priority?: number;
  lane?: string;
  end?: string;
  recommended?: string;
  steps: { code: string; sentence: string; about: string }[];
}

export interface DryRun {
  cases: number;
  unread: number;
  agree: number;
  differ: number;
  differences: { conversation: string; platform: string; handle: string; name: string; snippet: string; language: string; now: Way; then: Way }[];
  more: boolean;
  since: string;
}

export interface Shift { days: number[]; start: string; end: string; zone: string }

/** Somebody of the team as leads see them. */
export interface Teammate extends Member {
  role: "agent" | "lead" | "operator" | "reader";
  teams: string[];
  languages: string[];
  skills: string[];
  handle: string;
  level: number;
  spend_limit: number;
  next_shift: string | null;
  away: boolean;
  handing_back: boolean;
  shifts: Shift[];
  days: { date: string; hours: { start: string; end: string }[]; zone: string }[];
  load: number;
  overdue: number;
  capacity: number;
  capacities: Record<string, number>;
}

export interface CannedEntry {
  id: string;
  language: string;
  kind: "canned" | "faq";
  standing: "candidate" | "approved";
  title: string;
  text: string;
  questions: string[];
  public: boolean;
  uses: number;
  version: number;
}

/** Of a report: lengths in milliseconds, null where nothing was counted; docs/reports.md says what each figure is. */
export interface Lengths { n: number; median_ms: number | null; p90_ms: number | null }
export interface AimedLengths extends Lengths { met: number; missed: number }
export interface Stars { n: number; average: number | null }
export type Mood = "negative" | "neutral" | "positive" | "unsure";

export interface Figures {
  came: { public: number; private: number };
  /** Why triage closed it at once. */
  ended: Record<string, number>;
  sentiment: Record<Mood, number>;
  first: AimedLengths;
  wall: Lengths;
  resolution: AimedLengths;
  next: { given: number; missed: number };
  answers: { public: number; private: number; person: number; desk: number; outside: number };
  closed: number;
  taken_back: number;
  coverage: { answered: number; unanswered: number };
  promises: { kept: number; missed: number };
  satisfaction: Stars & { public: Stars; private: Stars; stars: number[] };
  cost: { fees_usd: number; whole_usd: number; each_usd: number | null };
}

export interface Report {
  from: string;
  to: string;
  zone: string;
  platform: string;
  account: string;
  agent: string;
  own: boolean;
  total: Figures;
  /** Monday first, 24 hours each. */
  hours: number[][];
  days: (Figures & { day: string })[];
  platforms: (Figures & { id: string })[];
  accounts: (Figures & { id: string; handle: string; platform: string })[];
  agents: (Figures & { id: string; name: string })[];
  now: string;
}

export interface Counted {
  at: string;
  kind: "came" | "answered" | "closed" | "taken_back" | "promise" | "rated";
  place: "public" | "private";
  end: string;
  mark: "" | "met" | "missed";
  length_ms: number | null;
  stars: number | null;
  by: string;
  case: Row | null;
}

/** What a listening query found; it opens no case before somebody says so. */
export interface Hit {
  id: string;
  state: "waiting" | "case" | "not_ours" | "gone";
  platform: string;
  query: { id: string; name: string };
  /** Words of the queries, as they stand in the text. */
  found: string[];
  text: string;
  language: string;
  handle: string;
  name: string;
  followers: number;
  link: string;
  at: string;
  arrived: string;
  conversation: string;
  decided: { at: string; by: string } | null;
  history: { at: string; code: string; sentence: string; by: string }[];
}

/** How a listening query does. */
export interface QueryState {
  id: string;
  name: string;
  on: boolean;
  account: string;
  asked: string;
  longest: number;
  read: number;
  limit: number;
  asked_at: string | null;
  every_minutes: number;
  problem: { code: string; at: string } | null;
}

/** A listening query as the settings keep it. */
export interface Query {
  id: string;
  name: string;
  on: boolean;
  handles: string[];
  hashtags: string[];
  names: string[];
  aliases: string[];
  without: string[];
  languages: string[];
  account: string;
  every_minutes: number;
  posts_a_month: number;
}

/** What a query would ask, and which of yesterday's hits it finds. */
export interface ListeningTrial {
  asked: string;
  longest: number;
  proposals: { name: string; spellings: string[] }[];
  wrong: { at: (string | number)[]; sentence: string }[];
  looked_at: number;
  found: number;
  items: Hit[];
  since: string;
}
