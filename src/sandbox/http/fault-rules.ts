/** The requests that a fault applies to. Without a path or a method: all requests. */
export interface FaultMatch {
  method?: string;
  /** The route's path (`/campaign/Pause`) or a prefix of it, or a RegExp for the path with its query. */
  path?: string | RegExp;
}

/** The kinds of faults. */
export type FaultKind =
  /** Waits before the request is handled. */
  | { kind: 'delay'; ms: number }
  /** The connection is reset before the request is applied. */
  | { kind: 'resetBefore' }
  /** The request is applied, then the connection is reset without a response. */
  | { kind: 'resetAfter' }
  | { kind: 'resetMidBody' }
  /** Any status and body. With `apply` the request is applied although the response is an error. */
  | {
      kind: 'status';
      status: number;
      body?: string;
      contentType?: string;
      headers?: Record<string, string>;
      apply?: boolean;
    }
  | { kind: 'rateLimit'; retryAfter?: string }
  /** 200 with truncated JSON. The request is applied. */
  | { kind: 'garbage' }
  /** 200 with JSON of another shape (`value`, default `[]`). The request is applied. */
  | { kind: 'wrongJson'; value?: unknown }
  /** The response ends before its content-length. The request is applied. */
  | { kind: 'cutBody' }
  /** No response. The request is not applied. */
  | { kind: 'hang' }
  /** Half of the response, then silence. The request is applied. */
  | { kind: 'hangMidBody' }
  /** The response in single bytes, one every `ms` (default 50). The request is applied. */
  | { kind: 'slowDrip'; ms?: number }
  | { kind: 'html502'; apply?: boolean }
  /** 200 with a JSON string of `bytes` bytes. The request is not applied. */
  | { kind: 'hugeBody'; bytes: number }
  | { kind: 'redirect'; to: string; status?: number };

/** A scripted fault: skips the first `after` matching requests, then applies to the next `times` (default 1). */
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

/** Whether a JSON value from the control API is a valid rule. */
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

/** The pending faults, in the order they were added. */
export class FaultScript {
  #rules: { rule: FaultRule; skip: number; left: number }[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ rule, skip: rule.after ?? 0, left: rule.times ?? 1 });
  }

  clear(): void {
    this.#rules = [];
  }

  /** Takes the faults for a request: the sum of the delays, and at most one fault that decides the response. */
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
