import { script } from './connection.ts';
import { NEW_EPOCH, NOW } from './epoch.ts';

/**
 * The scripts of the permits. Redis measures all times, in microseconds. Their keys are:
 *
 * - `s`: the starts by ticket
 * - `q`: the queue of waiting tickets, and `l`: until when each stays in it
 * - `m`: hold and counter of the key
 * - the epoch of the store
 */

/** ARGV: ticket, background, cap, background cap, window, lease. */
export const TAKE = script(`${NOW}${NEW_EPOCH}
local starts, queue, leases, state, epochKey = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local ticket, background = ARGV[1], ARGV[2] == '1'
local cap = tonumber(background and ARGV[4] or ARGV[3])
local window, lease = tonumber(ARGV[5]), tonumber(ARGV[6])
local epoch = epochOf(epochKey)
redis.call('ZREMRANGEBYSCORE', starts, '-inf', text(now - window))
-- Its process did not get the answer, so the request has not started: it is the next to start.
if redis.call('ZREM', starts, ticket) == 1 then redis.call('ZADD', queue, '0', ticket) end
local used = redis.call('ZCARD', starts)
local lapsed = redis.call('ZRANGEBYSCORE', leases, '-inf', text(now), 'LIMIT', 0, 50)
for _, one in ipairs(lapsed) do
  redis.call('ZREM', leases, one)
  if one ~= ticket then redis.call('ZREM', queue, one) end
end
if not redis.call('ZSCORE', queue, ticket) then
  local place = redis.call('HINCRBY', state, 'places', 1)
  redis.call('ZADD', queue, text(place + (background and 2 ^ 40 or 0)), ticket)
end
redis.call('ZADD', leases, text(now + lease), ticket)
local before = used + redis.call('ZRANK', queue, ticket) - cap
local wait = 0
if before >= 0 then
  local index = math.min(before, used - 1)
  local at = used > 0 and redis.call('ZRANGE', starts, index, index, 'WITHSCORES')[2] or now
  wait = at + window - now
end
local held = math.max(0, tonumber(redis.call('HGET', state, 'hold') or 0) - now)
wait = math.max(wait, held, epoch[2] - now)
if wait <= 0 then
  redis.call('ZADD', starts, text(now), ticket)
  redis.call('ZREM', queue, ticket)
  redis.call('ZREM', leases, ticket)
end
local keepMs = math.ceil((window + lease) / 1000)
redis.call('PEXPIRE', starts, keepMs)
redis.call('PEXPIRE', queue, keepMs)
redis.call('PEXPIRE', leases, keepMs)
redis.call('PEXPIRE', state, math.ceil(held / 1000) + 3600000)
return {wait <= 0 and 1 or 0, math.ceil(wait), math.ceil(held), epoch[1]}
`);

/** ARGV: ticket, window. @returns 0 if the ticket has no start in the window. */
export const RESTART = script(`${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', text(now - ARGV[2]))
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[1], text(now), ARGV[1])
redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[2] / 1000))
return 1
`);

/** ARGV: ticket. */
export const DROP = script(`
for _, key in ipairs(KEYS) do redis.call('ZREM', key, ARGV[1]) end
return 0
`);

/** ARGV: microseconds. */
export const HOLD = script(`${NOW}
local hold = math.max(tonumber(redis.call('HGET', KEYS[1], 'hold') or 0), now + ARGV[1])
redis.call('HSET', KEYS[1], 'hold', text(hold))
redis.call('PEXPIRE', KEYS[1], math.ceil((hold - now) / 1000) + 3600000)
return 0
`);

/** ARGV: window, then a ticket and the age of its start, as often as there are. */
export const REPORT = script(`${NOW}
for i = 2, #ARGV, 2 do redis.call('ZADD', KEYS[1], 'GT', text(now - ARGV[i + 1]), ARGV[i]) end
redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[1] / 1000))
return 0
`);

/**
 * At each connect. ARGV: the id of the running server, and 1 from a process that was without the store. A server that has
 * restarted may have lost starts, and processes without a store may have started requests by themselves. Both hold all starts
 * until every process has reported its own. It always writes, and so finds out whether the store takes writes.
 */
export const BEGIN = script(`${NOW}${NEW_EPOCH}
local epoch = redis.call('HMGET', KEYS[1], 'id', 'run')
if not epoch[1] or (epoch[2] ~= ARGV[1] and epoch[2] ~= '') then newEpoch(KEYS[1], ARGV[1])
else redis.call('HSET', KEYS[1], 'run', ARGV[1]) end
if ARGV[2] == '1' then redis.call('HSET', KEYS[1], 'ready', ready()) end
return redis.call('HGET', KEYS[1], 'id')
`);
