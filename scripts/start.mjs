// `npm start`: HTTP on 127.0.0.1:3000, on the embedded sandbox unless HEYREACH_API_KEY is set.
// Further flags pass through: `npm start -- --port 4000`.
const given = process.argv.slice(2);
const live = Boolean(process.env.HEYREACH_API_KEY?.trim());
process.argv.splice(2, given.length, '--transport', 'http', ...(live ? [] : ['--sandbox']), ...given);
await import('../dist/main.js');
