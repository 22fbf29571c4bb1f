// The least a stdio server on the SDK can be: the floor under our start.
import { Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

serveStdio(() => new Server({ name: 'bare', version: '1.0.0' }, { capabilities: {} }));
