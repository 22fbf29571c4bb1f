/** The key of the epoch: all that a store holds since it last lost what it knew, or since its server last changed. */
export const EPOCH = 'hr:epoch';
/** In a new epoch no request starts for this long, so that every process can report its starts. */
const NEW_EPOCH_MS = 2_000;

/** The clock of the store, in microseconds. */
export const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local function text(number) return string.format('%.0f', number) end
`;

/** `epochOf` makes an epoch where there is none: every process reports its starts before the next request starts. */
export const NEW_EPOCH = `
local function ready() return text(now + ${NEW_EPOCH_MS * 1_000}) end
local function newEpoch(key, run)
  redis.call('HSET', key, 'id', text(now), 'ready', ready(), 'run', run)
  redis.call('PUBLISH', 'hr:new-epoch', text(now))
end
local function epochOf(key)
  if redis.call('EXISTS', key) == 0 then newEpoch(key, '') end
  return redis.call('HMGET', key, 'id', 'ready', 'run')
end
`;
