import { Gauge, type Metrics } from '@whatsthecraic/platform/metrics';
import { countCalls } from '@whatsthecraic/platform/spotify/count-calls';
import type { SpotifyClient } from './client.ts';

/** The client's figures; `watch` gives it to the gauges once it is there. */
export function measureSpotify(metrics: Metrics) {
  const registers = [metrics.registry];
  return {
    onCall: countCalls(metrics),
    watch(client: SpotifyClient) {
      new Gauge({
        name: 'spotify_cache_entries',
        help: 'Answers of Spotify that are kept: valid ones, and expired ones for lack of better.',
        labelNames: ['state'],
        registers,
        collect() {
          const { validEntries, expiredEntries } = client.stats();
          this.set({ state: 'valid' }, validEntries);
          this.set({ state: 'expired' }, expiredEntries);
        },
      });
      new Gauge({
        name: 'spotify_queue_length',
        help: 'Lookups that wait for their turn.',
        registers,
        collect() {
          this.set(client.stats().queueLength);
        },
      });
      new Gauge({
        name: 'spotify_closed_seconds',
        help: 'For how long Spotify may not be asked; 0 if it may.',
        registers,
        collect() {
          this.set(client.closedForMs() / 1_000);
        },
      });
    },
  };
}
