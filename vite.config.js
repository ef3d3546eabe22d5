import { defineConfig } from 'vite'

// One stylesheet and one module for every page, and the worker that encrypts ballots; Django serves them from the
// app's static folder.
export default defineConfig({
  publicDir: 'frontend/public',
  build: {
    outDir: 'src/yiwang/platform/ui/static/yw',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: ['chrome99', 'safari15.4', 'firefox97'],
    rollupOptions: {
      input: { yw: 'frontend/main.js', ballots: 'frontend/ballots/worker.js' },
      output: { entryFileNames: '[name].js', assetFileNames: 'yw[extname]' },
    },
  },
})
