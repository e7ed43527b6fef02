import { Component, type ComponentChild, type FunctionComponent } from 'preact';
import { createElement } from 'preact';

/** As React's: renders again when a property is another one. Preact has it in its compatibility layer only, 5 KB. */
export function memo<Props extends object>(Inner: FunctionComponent<Props>): FunctionComponent<Props> {
  class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      const names = Object.keys(next) as (keyof Props)[];
      return (
        names.length !== Object.keys(this.props).length ||
        names.some((name) => next[name] !== (this.props as Readonly<Props>)[name])
      );
    }

    override render(): ComponentChild {
      return createElement(Inner, this.props as Props);
    }
  }
  return Memo as unknown as FunctionComponent<Props>;
}
