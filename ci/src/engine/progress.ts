import { redact } from '../redact.ts';
import { createHeartbeat } from '../report/heartbeat.ts';

/** Lines of progress, which the engine shows under the function's own span. */
export const { say, hush } = createHeartbeat((line) => console.log(redact(line)));
