import { SEND_WINDOW_MS } from '../sends.ts';
import { script } from './connection.ts';
import { NEW_EPOCH, NOW } from './epoch.ts';

/**
 * The records of a conversation are a hash: id -> `text outcome at`, with the outcome `u` (unknown) or `a` (accepted) and the
 * time in ms. `TIME` of the server is the only clock.
 */
const CLOCK = `
local t = redis.call('TIME')
local us = t[1] * 1000000 + t[2]
local ms = math.floor(us / 1000)
local function text(n) return string.format('%.0f', n) end
`;
const RECORDS = `
local function records(key, memory)
  local found, all = {}, redis.call('HGETALL', key)
  for i = 1, #all, 2 do
    local digest, outcome, at = string.match(all[i + 1], '^(%S+) (%S) (%d+)$')
    if ms - tonumber(at) >= memory then redis.call('HDEL', key, all[i])
    else found[#found + 1] = { all[i], digest, outcome, at } end
  end
  return found
end
`;
const WAIT = `
local function wait(key, cap, window)
  if cap == 0 then return -1 end
  redis.call('ZREMRANGEBYSCORE', key, '-inf', text(us - window))
  local used = redis.call('ZCARD', key)
  if used < cap then return 0 end
  local start = redis.call('ZRANGE', key, used - cap, used - cap, 'WITHSCORES')[2]
  return math.ceil((start + window - us) / 1000)
end
local function longest(a, b)
  if a < 0 or b < 0 then return -1 end
  return math.max(a, b)
end
`;

/** The epoch of a key's sends outlives its last lock by this much. Without it, the next lock waits for reports. */
const EPOCH_KEPT_MS = 24 * SEND_WINDOW_MS;

/**
 * KEYS epoch of the sends, settling, lock, epoch. ARGV id, lock ms, settling ms, channel, key. A store of a new epoch may have
 * lost sends: every replica reports its own again before the first lock. Returns 0 with the lock, -1 where it is held, else
 * ms to wait.
 */
export const LOCK = script(`${NOW}${NEW_EPOCH}
local epoch = epochOf(KEYS[4])[1]
if redis.call('GETEX', KEYS[1], 'PX', ${EPOCH_KEPT_MS}) ~= epoch then
  redis.call('SET', KEYS[1], epoch, 'PX', ${EPOCH_KEPT_MS})
  redis.call('SET', KEYS[2], '1', 'PX', ARGV[3])
  redis.call('PUBLISH', ARGV[4], ARGV[5])
end
local settling = redis.call('PTTL', KEYS[2])
if settling > 0 then return settling end
if redis.call('SET', KEYS[3], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
return -1
`);

/** KEYS lock. ARGV id. */
export const UNLOCK = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`);

/** KEYS starts of the key, starts of the sender. ARGV cap of the key, cap of the sender, window us. Returns ms, -1 for never. */
export const WAIT_OF = script(`${CLOCK}${WAIT}
local window = tonumber(ARGV[3])
return longest(wait(KEYS[1], tonumber(ARGV[1]), window), wait(KEYS[2], tonumber(ARGV[2]), window))
`);

/**
 * KEYS lock, records, starts of the key, starts of the sender.
 *
 * ARGV lock id, send id, text, known id or `any`, cap of the key, cap of the sender, window us, memory ms, lock ms. Then
 * channel and message for the other replicas.
 */
export const BEGIN = script(`${CLOCK}${RECORDS}${WAIT}
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return { 'busy' } end
local memory, window = tonumber(ARGV[8]), tonumber(ARGV[7])
local earlier
for _, one in ipairs(records(KEYS[2], memory)) do
  if one[2] == ARGV[3] and (not earlier or tonumber(one[4]) >= tonumber(earlier[4])) then earlier = one end
end
if earlier and ARGV[4] ~= 'any' and ARGV[4] ~= earlier[1] then return { 'repeated', unpack(earlier) } end
local left = longest(wait(KEYS[3], tonumber(ARGV[5]), window), wait(KEYS[4], tonumber(ARGV[6]), window))
if left ~= 0 then return { 'wait', left } end
for i = 3, 4 do
  redis.call('ZADD', KEYS[i], text(us), ARGV[2])
  redis.call('PEXPIRE', KEYS[i], text(math.ceil(window / 1000)))
end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3] .. ' u ' .. text(ms))
redis.call('PEXPIRE', KEYS[2], ARGV[8])
redis.call('PEXPIRE', KEYS[1], ARGV[9])
redis.call('PUBLISH', ARGV[10], ARGV[11])
return { 'begun' }
`);

/** KEYS records, starts of the key, starts of the sender. ARGV id, `u`, `a` or `not_sent`, memory ms, channel, message. */
export const END = script(`${CLOCK}
redis.call('PUBLISH', ARGV[4], ARGV[5])
if ARGV[2] == 'not_sent' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('ZREM', KEYS[3], ARGV[1])
  return 1
end
local record = redis.call('HGET', KEYS[1], ARGV[1])
if not record then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], string.match(record, '^%S+') .. ' ' .. ARGV[2] .. ' ' .. text(ms))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
`);

/**
 * Adds what is not there. KEYS records, starts of the key, starts of the sender.
 *
 * ARGV id, text, `u` or `a`, age of the record in ms, age of the start in us, memory ms, window us. An age of -1 is none.
 */
export const REPORT = script(`${CLOCK}
local age, started, window = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[7])
if age >= 0 and age < tonumber(ARGV[6]) then
  local record = redis.call('HGET', KEYS[1], ARGV[1])
  if not record or (ARGV[3] == 'a' and string.match(record, ' u ')) then
    redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3] .. ' ' .. text(ms - age))
    redis.call('PEXPIRE', KEYS[1], ARGV[6])
  end
end
if started >= 0 and started < window then
  for i = 2, 3 do
    redis.call('ZADD', KEYS[i], 'NX', text(us - started), ARGV[1])
    redis.call('PEXPIRE', KEYS[i], text(math.ceil(window / 1000)))
  end
end
return 1
`);

/** KEYS records. ARGV memory ms. Returns id, text, outcome and time of each record. */
export const RECALL = script(`${CLOCK}${RECORDS}
return records(KEYS[1], tonumber(ARGV[1]))
`);

/** KEYS records. ARGV text, memory ms, channel, message. */
export const FORGET = script(`${CLOCK}${RECORDS}
redis.call('PUBLISH', ARGV[3], ARGV[4])
for _, one in ipairs(records(KEYS[1], tonumber(ARGV[2]))) do
  if one[2] == ARGV[1] then redis.call('HDEL', KEYS[1], one[1]) end
end
return 1
`);
