import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// A test that needs a document says so in its first line: // @vitest-environment jsdom
function project(name: string, include: string[], exclude: string[] = []) {
  // On a busy machine a long test takes many times longer; only one that hangs is to fail by time.
  const testTimeout = 120_000;
  return {
    plugins: [svelte()],
    // Components are tested as the browser runs them, not as a server would.
    resolve: { conditions: ['browser'] },
    test: { name, include, exclude: ['**/node_modules/**', ...exclude], environment: 'node', testTimeout },
  };
}

const vectors = ['tests/vectors/**/*.test.ts'];
const property = ['tests/property/**/*.test.ts', 'src/**/*.property.test.ts'];

export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      project('unit', ['src/**/*.test.ts', 'tests/unit/**/*.test.ts'], property),
      project('vectors', vectors),
      project('property', property),
    ],
  },
});
