// The smallest possible stdio server with the SDK: the lower bound of our start.
import { Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

serveStdio(() => new Server({ name: 'bare', version: '1.0.0' }, { capabilities: {} }));
