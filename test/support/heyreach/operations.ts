import type { Operation } from '../../../src/client/operation.ts';
import { blacklist } from '../../../src/client/operations/blacklist.ts';
import { campaigns } from '../../../src/client/operations/campaigns.ts';
import { inbox } from '../../../src/client/operations/inbox.ts';
import { leads } from '../../../src/client/operations/leads.ts';
import { linkedInAccounts, network } from '../../../src/client/operations/linkedin-accounts.ts';
import { lists } from '../../../src/client/operations/lists.ts';
import { auth, organization } from '../../../src/client/operations/organization.ts';
import { stats } from '../../../src/client/operations/stats.ts';
import { webhooks } from '../../../src/client/operations/webhooks.ts';

export type AnyOperation = Operation<object, unknown>;

/** Every operation of the client, by area and name. */
export const areas = {
  auth,
  blacklist,
  campaigns,
  inbox,
  leads,
  linkedInAccounts,
  lists,
  network,
  organization,
  stats,
  webhooks,
} as unknown as Record<string, Record<string, AnyOperation>>;
