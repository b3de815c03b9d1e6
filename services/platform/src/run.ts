import { ConfigError } from './config.ts';
import type { Log } from './log.ts';
import { type RunningServer, type ServerConfig, serve } from './server.ts';
import type { Service } from './service.ts';

export interface Built {
  readonly service: Service;
  readonly config: ServerConfig;
}

/** The whole life of a service's process: builds, serves, stops on SIGTERM or SIGINT, exits. */
export async function runService(name: string, build: () => Built): Promise<void> {
  try {
    const { service, config } = build();
    exitOnBug(service.log);
    const running = await serve(service, config);
    stopOnSignal(running, service.log);
  } catch (error) {
    process.stderr.write(`${name} cannot start: ${whyNot(error)}\n`);
    process.exit(1);
  }
}

function stopOnSignal(running: RunningServer, log: Log): void {
  let asked = false;
  const onSignal = (signal: NodeJS.Signals) => {
    // Whoever asks twice does not want to wait.
    if (asked) process.exit(signal === 'SIGINT' ? 130 : 143);
    asked = true;
    running.stop().then(
      (inTime) => process.exit(inTime ? 0 : 1),
      (error) => {
        log.fatal({ err: error }, 'stop failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
}

/** After an error that nobody caught, nothing is known of the state: a fresh process is safer. */
function exitOnBug(log: Log): void {
  const onBug = (error: unknown) => {
    log.fatal({ err: error }, 'uncaught error');
    process.exit(1);
  };
  process.on('uncaughtException', onBug).on('unhandledRejection', onBug);
}

function whyNot(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { code, port } = error as { code?: string; port?: number };
  if (code === 'EADDRINUSE') {
    return `port ${port} is taken; stop what listens there, or set PORT or METRICS_PORT to another`;
  }
  if (code === 'EADDRNOTAVAIL') {
    return 'LISTEN_ADDRESS is no address of this machine; correct it, or leave it out to listen on every one';
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
