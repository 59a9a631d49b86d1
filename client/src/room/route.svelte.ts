/**
 * Which page this is, from the address. Moving between pages of ours needs no reload.
 */
import { readLink, type TableLink } from './links';

export type Route =
  | { readonly page: 'start' }
  | { readonly page: 'table'; readonly link: TableLink }
  /** An address that is none of ours, or a link that lost a part. */
  | { readonly page: 'nowhere' };

export function routeOf(path: string, hash: string): Route {
  if (path === '/') return { page: 'start' };
  const link = readLink(path + hash);
  return link === null ? { page: 'nowhere' } : { page: 'table', link };
}

export class Router {
  #now: Route = $state.raw(routeOf(location.pathname, location.hash));

  get now(): Route {
    return this.#now;
  }

  /** Follow the browser's own back, forward and edited addresses. Answers how to stop. */
  listen(): () => void {
    const read = (): void => {
      this.#now = routeOf(location.pathname, location.hash);
    };
    window.addEventListener('popstate', read);
    window.addEventListener('hashchange', read);
    return () => {
      window.removeEventListener('popstate', read);
      window.removeEventListener('hashchange', read);
    };
  }

  go(path: string): void {
    history.pushState(null, '', path);
    this.#now = routeOf(location.pathname, location.hash);
    window.scrollTo(0, 0);
  }
}
