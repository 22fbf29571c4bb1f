/** Which requests a fault is for. Without a path or a method: every one. */
export interface FaultMatch {
  method?: string;
  /** The operation's path (`/campaign/Pause`), exact or a beginning of it, or a RegExp on the path with its query. */
  path?: string | RegExp;
}

/** What goes wrong. */
export type FaultKind =
  /** Waits before the request is handled. */
  | { kind: 'delay'; ms: number }
  /** The connection is reset before anything is done. */
  | { kind: 'resetBefore' }
  /** The request is applied, then the connection is reset without an answer. */
  | { kind: 'resetAfter' }
  | { kind: 'resetMidBody' }
  /** Any status and body; with `apply` the change happens although an error is answered. */
  | {
      kind: 'status';
      status: number;
      body?: string;
      contentType?: string;
      headers?: Record<string, string>;
      apply?: boolean;
    }
  | { kind: 'rateLimit'; retryAfter?: string }
  /** 200 with truncated JSON; the request is applied. */
  | { kind: 'garbage' }
  /** 200 with JSON of another shape (`value`, default `[]`); the request is applied. */
  | { kind: 'wrongJson'; value?: unknown }
  /** The answer ends before its announced length; the request is applied. */
  | { kind: 'cutBody' }
  /** Never answers, and does nothing. */
  | { kind: 'hang' }
  /** Half of the answer, then nothing more; the request is applied. */
  | { kind: 'hangMidBody' }
  /** The answer in single bytes, one every `ms` (default 50); the request is applied. */
  | { kind: 'slowDrip'; ms?: number }
  | { kind: 'html502'; apply?: boolean }
  /** 200 with a JSON string of that many bytes; nothing is done. */
  | { kind: 'hugeBody'; bytes: number }
  | { kind: 'redirect'; to: string; status?: number };

/** A scripted fault: skips the first `after` matching requests and then meets the next `times` (default 1). */
export type FaultRule = { match?: FaultMatch; after?: number; times?: number } & FaultKind;

const KINDS: Record<FaultKind['kind'], true> = {
  delay: true,
  resetBefore: true,
  resetAfter: true,
  resetMidBody: true,
  status: true,
  rateLimit: true,
  garbage: true,
  wrongJson: true,
  cutBody: true,
  hang: true,
  hangMidBody: true,
  slowDrip: true,
  html502: true,
  hugeBody: true,
  redirect: true,
};

/** Tells whether a JSON value (from the control API) can be used as a rule. */
export function isFaultRule(value: unknown): value is FaultRule {
  if (typeof value !== 'object' || value === null) return false;
  const rule = value as Record<string, unknown>;
  const needs: Record<string, [string, string]> = {
    delay: ['ms', 'number'],
    status: ['status', 'number'],
    hugeBody: ['bytes', 'number'],
    redirect: ['to', 'string'],
  };
  if (typeof rule.kind !== 'string' || !Object.hasOwn(KINDS, rule.kind)) return false;
  const [name, type] = needs[rule.kind] ?? [];
  return name === undefined || typeof rule[name] === type;
}

function matches(rule: FaultRule, method: string, path: string, pathAndQuery: string): boolean {
  const { match } = rule;
  if (match?.method !== undefined && match.method.toUpperCase() !== method) return false;
  if (match?.path === undefined) return true;
  if (match.path instanceof RegExp) return match.path.test(pathAndQuery);
  return path.toLowerCase().startsWith(match.path.toLowerCase());
}

/** The faults still to come, in the order they were added. */
export class FaultScript {
  #rules: { rule: FaultRule; skip: number; left: number }[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ rule, skip: rule.after ?? 0, left: rule.times ?? 1 });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The faults this request meets: any delays, and at most one that decides the answer. */
  take(method: string, path: string, pathAndQuery: string): { delay: number; fault: FaultRule | undefined } {
    let delay = 0;
    for (const entry of this.#rules) {
      if (entry.left <= 0 || !matches(entry.rule, method, path, pathAndQuery)) continue;
      if (entry.skip > 0) {
        entry.skip--;
        continue;
      }
      entry.left--;
      if (entry.rule.kind !== 'delay') return { delay, fault: entry.rule };
      delay += entry.rule.ms;
    }
    return { delay, fault: undefined };
  }
}
