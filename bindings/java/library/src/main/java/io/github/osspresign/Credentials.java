package io.github.osspresign;

import org.jspecify.annotations.Nullable;

/** Who signs: an access key, with a security token if it is a temporary one. */
public final class Credentials {
  final String accessKeyId;
  final String accessKeySecret;
  final @Nullable String securityToken;

  private Credentials(
      String accessKeyId, String accessKeySecret, @Nullable String securityToken) {
    this.accessKeyId = Checks.text("accessKeyId", accessKeyId);
    this.accessKeySecret = Checks.text("accessKeySecret", accessKeySecret);
    this.securityToken = Checks.optionalText("securityToken", securityToken);
  }

  /**
   * A permanent access key.
   *
   * @param accessKeyId its id
   * @param accessKeySecret its secret
   * @return the credentials
   */
  public static Credentials of(String accessKeyId, String accessKeySecret) {
    return new Credentials(accessKeyId, accessKeySecret, null);
  }

  /**
   * A temporary (STS) access key.
   *
   * @param accessKeyId its id
   * @param accessKeySecret its secret
   * @param securityToken its token; null or "" means none
   * @return the credentials
   */
  public static Credentials of(
      String accessKeyId, String accessKeySecret, @Nullable String securityToken) {
    return new Credentials(accessKeyId, accessKeySecret, securityToken);
  }

  /** Without secret and token. */
  @Override
  public String toString() {
    return "Credentials[" + accessKeyId + "]";
  }
}
