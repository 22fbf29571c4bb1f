import { empty } from '../http/reply.ts';
import type { Route } from '../http/router.ts';

export const authRoutes: Route[] = [{ method: 'GET', path: '/auth/CheckApiKey', handle: () => empty() }];
