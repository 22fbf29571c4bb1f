import type { Route } from '../http/router.ts';
import { accountRoutes } from './accounts.ts';
import { authRoutes } from './auth.ts';
import { campaignLeadRoutes } from './campaign-leads.ts';
import { campaignRoutes } from './campaigns.ts';
import { inboxRoutes } from './inbox.ts';

/** Every operation there is. */
export const routes: Route[] = [
  ...authRoutes,
  ...campaignRoutes,
  ...campaignLeadRoutes,
  ...inboxRoutes,
  ...accountRoutes,
];
