import { digest } from '../../lib/json.ts';
import { CONFIRMATION_KEPT_MS, type ConfirmationStore } from '../confirmation-store.ts';
import { type RedisConnection, script } from './connection.ts';
import { EPOCH, NEW_EPOCH, NOW } from './epoch.ts';

/**
 * A confirmation is `o` (open) or `u` (used), the epoch in which it was shown, a space and its proof. A store of another epoch
 * may have lost its use.
 */
const SHOWN = `${NOW}${NEW_EPOCH}
local epoch = epochOf(KEYS[2])[1]
local function shown()
  local value = redis.call('GET', KEYS[1])
  local state, shownIn, proof = string.match(value or '', '^(.)(%d+) (.*)$')
  if shownIn ~= epoch then return nil end
  return state, proof
end
`;

/** KEYS confirmation, epoch. ARGV proof, ttl ms. */
const KEEP = script(`${SHOWN}
redis.call('SET', KEYS[1], 'o' .. epoch .. ' ' .. ARGV[1], 'PX', ARGV[2])
return 1
`);

/** KEYS confirmation, epoch. Returns state and proof, or nothing for a confirmation that is not there. */
const FIND = script(`${SHOWN}
return { shown() }
`);

/** KEYS confirmation, epoch. ARGV ttl ms. Returns 1 for the first use, 0 for a later one, -1 for a confirmation that is not there. */
const USE = script(`${SHOWN}
local state, proof = shown()
if not state then return -1 end
if state == 'u' then return 0 end
local left = math.max(redis.call('PTTL', KEYS[1]), tonumber(ARGV[1]))
redis.call('SET', KEYS[1], 'u' .. epoch .. ' ' .. proof, 'PX', text(left))
return 1
`);

/**
 * The confirmations of all replicas. Each preview adds one. A confirmation that is not there is not accepted: a store that has
 * lost it may also have lost its use.
 */
export function confirmationsInRedis(connection: RedisConnection): ConfirmationStore {
  // The id confirms a call, so the store gets a digest of it.
  const keysOf = (id: string) => [`hr:{${digest(id)}}:shown`, EPOCH];
  const read = async (id: string) => (await connection.run(FIND, keysOf(id), [])) as string[];
  return {
    async keep({ id, kind, proof }) {
      await connection.run(KEEP, keysOf(id), [kind === 'token' ? proof : '', CONFIRMATION_KEPT_MS]);
    },
    find: async (id) => (await read(id))[1],
    async stateOf(id) {
      const [state] = await read(id);
      if (state === undefined) return 'unknown';
      return state === 'u' ? 'used' : 'open';
    },
    async markUsed(id, ttlMs) {
      const isFirst = Number(await connection.run(USE, keysOf(id), [ttlMs])) === 1;
      // If a mark is on one server only, a failure of that server loses it.
      if (isFirst) await connection.waitForReplica();
      return isFirst;
    },
  };
}
