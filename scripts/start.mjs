// `npm start`: HTTP on 127.0.0.1:3000, with the embedded sandbox unless HEYREACH_API_KEY is set.
// Passes flags on: `npm start -- --port 4000`.
const flags = process.argv.slice(2);
const isLive = Boolean(process.env.HEYREACH_API_KEY?.trim());
process.argv.splice(2, flags.length, '--transport', 'http', ...(isLive ? [] : ['--sandbox']), ...flags);
await import('../dist/main.js');
