import { Component, type ComponentChild, type FunctionComponent } from 'preact';

/**
 * As React's: renders again when a property is another one. Preact has it in its compatibility layer only, 5 KB.
 *
 * @param render uses no hooks: it is called as part of the component, not as one of its own
 */
export function memo<Props extends object>(
  render: (props: Props) => ComponentChild,
): FunctionComponent<Props> {
  class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Readonly<Props>): boolean {
      const names = Object.keys(next) as (keyof Props)[];
      return (
        names.length !== Object.keys(this.props).length ||
        names.some((name) => next[name] !== (this.props as Readonly<Props>)[name])
      );
    }

    override render(): ComponentChild {
      return render(this.props as Props);
    }
  }
  return Memo as unknown as FunctionComponent<Props>;
}
