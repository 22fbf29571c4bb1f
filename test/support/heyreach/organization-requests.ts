import { TEST_ORGANIZATION_KEY } from '../runs/keys.ts';
import { get, post } from './requests.ts';

const base = '/api/public/management/organizations';
const key = TEST_ORGANIZATION_KEY;

/** Requests as they must reach HeyReach's organization routes: with the organization key. */
export const organizationGet = (path: string) => ({ ...get(base + path), key });
export const organizationPost = (path: string, body: unknown) => ({ ...post(base + path, body), key });

/** The next step for a key that these routes do not accept. */
export const wrongOrganizationKey = {
  kind: 'unauthorized',
  status: 401,
  message: 'Invalid API key',
  nextStep:
    "Check HEYREACH_ORG_API_KEY. Organization tools need the organization's API key, not the key of a workspace.",
  outcome: 'refused',
} as const;

/** A 500 for a call that is not repeated. */
export const unclear = (look: string) =>
  ({
    kind: 'server_error',
    status: 500,
    message: 'HTTP 500 from HeyReach',
    nextStep: `Check with ${look} whether it was done before you retry.`,
    outcome: 'unknown',
  }) as const;
