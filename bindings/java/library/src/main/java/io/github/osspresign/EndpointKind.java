package io.github.osspresign;

/** Which of a region's endpoints to use. In the order of C's oss_endpoint_kind. */
public enum EndpointKind {
  /** {@code oss-REGION.aliyuncs.com}, the default. */
  PUBLIC,
  /** {@code oss-REGION-internal.aliyuncs.com}: from Alibaba Cloud's own network in the region. */
  INTERNAL,
  /** {@code REGION.oss.aliyuncs.com}: IPv4 and IPv6. */
  DUAL_STACK,
  /** {@code oss-accelerate.aliyuncs.com}. */
  ACCELERATE,
  /** {@code oss-accelerate-overseas.aliyuncs.com}. */
  ACCELERATE_OVERSEAS
}
