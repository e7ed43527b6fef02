import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Dashboard } from '../state/dashboard.js';

export const DashboardContext = createContext<Dashboard | undefined>(undefined);

export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext);
  if (!dashboard) throw new Error('There is no dashboard around this component.');
  return dashboard;
}
