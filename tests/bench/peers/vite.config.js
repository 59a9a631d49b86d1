// Two pages, one a peer, built as their makers would ship them: split as their packages ask, minified.
import { resolve } from 'node:path';
import { defineConfig } from 'vite';

export default defineConfig({
  define: { 'process.env.IS_PREACT': '"false"' },
  build: {
    target: 'es2022',
    outDir: 'dist',
    chunkSizeWarningLimit: 20_000,
    rollupOptions: { input: ['excalidraw', 'tldraw'].map((name) => resolve(import.meta.dirname, `${name}.html`)) },
  },
});
