/** Types of what the vendored module exports, as far as the desk uses it. htm does not check attributes. */
export type Child = Node | string | number | boolean | null | undefined | Child[];
export interface Node { type: unknown; props: unknown; key: unknown }
export interface Signal<T> { value: T; peek(): T; subscribe(listener: (value: T) => void): () => void }
export interface ReadonlySignal<T> { readonly value: T; peek(): T; subscribe(listener: (value: T) => void): () => void }
export interface Ref<T> { current: T }

export function h(type: unknown, props: unknown, ...children: Child[]): Node;
export function render(node: Child, parent: Element): void;
export const Fragment: unknown;
export function createContext<T>(initial: T): unknown;
export function html(strings: TemplateStringsArray, ...values: unknown[]): Node;

export function useCallback<T>(callback: T, inputs: unknown[]): T;
export function useContext<T>(context: unknown): T;
export function useEffect(effect: () => void | (() => void), inputs?: unknown[]): void;
export function useId(): string;
export function useLayoutEffect(effect: () => void | (() => void), inputs?: unknown[]): void;
export function useMemo<T>(make: () => T, inputs: unknown[]): T;
export function useRef<T>(initial: T): Ref<T>;
export function useRef<T>(initial: null): Ref<T | null>;
export function useState<T>(initial: T | (() => T)): [T, (next: T | ((previous: T) => T)) => void];

export function signal<T>(value: T): Signal<T>;
export function computed<T>(compute: () => T): ReadonlySignal<T>;
export function effect(run: () => void | (() => void)): () => void;
export function batch<T>(run: () => T): T;
export function untracked<T>(run: () => T): T;
export function useSignal<T>(value: T): Signal<T>;
export function useComputed<T>(compute: () => T): ReadonlySignal<T>;
export function useSignalEffect(run: () => void | (() => void)): void;
