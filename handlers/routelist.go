package handlers

// RouteInfo is one route of the site, as the access test reads it.
type RouteInfo struct{ Method, Path string }

// Routes lists the whole site, in the order of the route table. GET routes
// answer HEAD too.
func Routes() []RouteInfo {
	var all []RouteInfo
	for _, r := range (&Handlers{}).routes() {
		all = append(all, RouteInfo{Method: r.method, Path: r.path})
	}
	return all
}
