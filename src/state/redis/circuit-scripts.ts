import { script } from './connection.ts';

/** The channel on which processes hear of circuits. */
export const CIRCUITS_CHANNEL = 'hr:circuits';

/**
 * A circuit is a hash. Failed calls in a row: `outages`, and `e:OPERATION` for each operation with a 5xx of HeyReach's own.
 * Open: `until`, and `openings` in a row. `changed`: when it opened or closed. `probe`: until when a process has the probe.
 */
const CIRCUIT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function text(number) return string.format('%.0f', number) end
local circuit, key = KEYS[1], ARGV[1]
local function get(field) return tonumber(redis.call('HGET', circuit, field) or nil) end
local function state()
  local left = get('until')
  local failure = redis.call('HGET', circuit, 'failure') or ''
  if left then return { 'open', math.max(0, left - now), failure } end
  return { failure == '' and 'closed' or 'failing', 0, failure }
end
local function publish()
  local current = state()
  redis.call('PUBLISH', '${CIRCUITS_CHANNEL}', cjson.encode({ key = key, state = current[1], openForMs = current[2], failure = current[3] }))
end
`;

/** ARGV: key. Returns state, ms that it stays open, last failure. */
export const STATE = script(`${CIRCUIT}
return state()
`);

/** ARGV: key, lease ms. Returns 0 with the probe, else ms until it may be free. */
export const TAKE_PROBE = script(`${CIRCUIT}
local left = math.max(get('until') or 0, get('probe') or 0) - now
if left > 0 then return left end
redis.call('HSET', circuit, 'probe', text(now + ARGV[2]))
redis.call('PEXPIRE', circuit, 3600000)
return 0
`);

/**
 * ARGV: key, result, operation, failure, age ms, 1 for a probe, failed calls that open it, open times. The last is a list
 * with commas: the ms of the first, second and later openings. Returns the state.
 */
export const COUNT = script(`${CIRCUIT}
local result, operation, isHalfOpenProbe = ARGV[2], ARGV[3], ARGV[6] == '1'
local isOpen, changed = get('until') ~= nil, get('changed') or 0
-- It began before the circuit opened or closed.
if not isHalfOpenProbe and (isOpen or now - ARGV[5] < changed) then return state() end
if result == 'ok' then
  if isOpen or redis.call('HEXISTS', circuit, 'failure') == 1 then
    redis.call('DEL', circuit)
    if isOpen then redis.call('HSET', circuit, 'changed', text(now)) end
    redis.call('PEXPIRE', circuit, 3600000)
    publish()
  else redis.call('HDEL', circuit, 'probe') end
elseif result == 'inconclusive' then redis.call('HDEL', circuit, 'probe')
else
  redis.call('HINCRBY', circuit, operation == '' and 'outages' or 'e:' .. operation, 1)
  redis.call('HSET', circuit, 'failure', ARGV[4])
  local outages, errors, operations, all = 0, 0, 0, redis.call('HGETALL', circuit)
  for i = 1, #all, 2 do
    if all[i] == 'outages' then outages = tonumber(all[i + 1])
    elseif string.sub(all[i], 1, 2) == 'e:' then
      operations = operations + 1
      errors = errors + tonumber(all[i + 1])
    end
  end
  local failed = outages + (operations > 1 and errors or 0)
  if isHalfOpenProbe or failed >= tonumber(ARGV[7]) then
    local openings, times = redis.call('HINCRBY', circuit, 'openings', 1), {}
    for ms in string.gmatch(ARGV[8], '%d+') do times[#times + 1] = tonumber(ms) end
    redis.call('HSET', circuit, 'until', text(now + times[math.min(openings, #times)]), 'changed', text(now))
    redis.call('HDEL', circuit, 'probe')
    publish()
  elseif outages + errors == 1 then publish() end
  redis.call('PEXPIRE', circuit, 3600000)
end
return state()
`);
