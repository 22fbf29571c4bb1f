import type { AuditLog } from './audit-log.ts';
import type { ConfirmationTokens } from './confirmation-tokens.ts';
import type { DoNotContact } from './do-not-contact.ts';
import type { SendGuards } from './send-guard.ts';

/** Whether calls require confirmation: by a form where the client has forms, always by a token, or not at all. */
export type ConfirmSetting = 'ask' | 'token' | 'off';

/** Services that guard writes: confirmation, send limits, audit log. Created once, shared by every caller. */
export interface Safety {
  confirm: ConfirmSetting;
  /** How long a confirmation form may stay unanswered. */
  askMs: number;
  confirmations: ConfirmationTokens;
  sendsOf: SendGuards;
  /** undefined without HEYREACH_DO_NOT_CONTACT. */
  doNotContact?: DoNotContact | undefined;
  /** undefined without an audit log. */
  audit: AuditLog | undefined;
}
