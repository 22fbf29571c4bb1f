import type { SharedStore } from '../client/index.ts';
import type { AuditTrail } from './audit.ts';
import type { Confirmations } from './confirmations.ts';
import { guardSends, type SendCaps, type SendGuard } from './sends.ts';

/** What stands between a call and its harm; made once, shared by every caller. */
export interface Safety {
  /** Whether anything is asked at all. */
  confirm: 'ask' | 'off';
  /** How long a person is waited for. */
  askMs: number;
  confirmations: Confirmations;
  /** @param key fingerprint of the key. */
  sendsOf(key: string): SendGuard;
  /** undefined when no trail is kept. */
  audit: AuditTrail | undefined;
}

/** The send guards of all keys, over one store. */
export function sendsIn(store: SharedStore, caps: SendCaps): Safety['sendsOf'] {
  return (key) => guardSends(store, key, caps);
}
