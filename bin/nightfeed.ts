#!/usr/bin/env node
import { main } from './cli/program.ts';

// A reader who went away (a closed pipe, a full disk behind a redirection) must not end a night half-way.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

process.exitCode = await main(process.argv.slice(2));
